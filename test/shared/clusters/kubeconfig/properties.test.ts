import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readContexts, readKubeconfig } from '../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { DroverError, say } from '../../../../shared/errors/index.ts';
import { aKubeconfig, kubeconfigObject } from './aKubeconfig.ts';
import { corpus } from './corpus.ts';

/**
 * All that can be shown of what came of a text; throws on whatever is neither an answer nor an error of ours. Names of
 * contexts are shown, since one chooses by them.
 */
function toldOf(text: string): string {
  const told: string[] = [];
  for (const read of [readKubeconfig, readContexts]) {
    const errors: DroverError[] = [];
    try {
      const answer = read(text);
      if (Array.isArray(answer)) errors.push(...answer.flatMap((one) => ('error' in one ? [one.error] : [])));
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      errors.push(error);
    }
    for (const error of errors.filter(({ code }) => code !== 'KUBECONFIG_CONTEXT_AMBIGUOUS')) {
      const { entry, values, fields, cause } = error;
      const said = [entry.message, entry.remedy].flatMap((part) =>
        (['en', 'zh'] as const).map((language) => say(part, language, values)),
      );
      told.push(error.message, String(error.stack), ...said, JSON.stringify([values, fields, cause]));
    }
  }
  return told.join('\n');
}

/** Valid, hostile and broken texts as beginnings for worse ones; the largest only slow the search down. */
const texts = [aKubeconfig(), JSON.stringify(kubeconfigObject()), ...corpus.map(([, text]) => text)].filter(
  (text) => text.length < 20_000,
);

const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(20),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 8 }),
          fc.constantFrom(
            '\n',
            ' ',
            '  ',
            ': ',
            '- ',
            '"',
            "'",
            '{',
            '}',
            '[',
            ']',
            '|',
            '>',
            '#',
            '? ',
            '&a ',
            '*a',
            '!',
            '\t',
          ),
        ),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [where, removed, put]) => {
      const at = Math.floor(where * changed.length);
      return changed.slice(0, at) + put + changed.slice(at + removed);
    }, text),
  );

test.each([
  ['text', fc.string({ unit: 'binary', maxLength: 200 })],
  ['bytes', fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8'))],
  ['JSON', fc.json()],
  ['a kubeconfig that was changed', mutated],
])('whatever %s is given, there is an answer or an error of ours', (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary as fc.Arbitrary<string>, (text) => {
      toldOf(text);
    }),
    { numRuns: 100, seed: 1 },
  );
});

/** Puts a secret where the path leads, into whatever stands there. */
function planted(path: readonly string[], secret: unknown): string {
  const config = kubeconfigObject({
    user: { token: 'x', exec: { command: 'x', args: ['x'], env: [{ name: 'x', value: 'x' }] } },
  });
  let owner: Record<string, unknown> = config;
  for (const key of path.slice(0, -1)) {
    owner[key] ??= {};
    owner = owner[key] as Record<string, unknown>;
  }
  owner[path.at(-1)!] = secret;
  return stringify(config);
}

const secret = fc
  .stringMatching(/^[A-Za-z0-9+/=_.-]{16,40}$/)
  .filter((text) => /\d/.test(text) && !/^[\d.+-]+$/.test(text))
  .map((text) => `S3cret${text}`);
const userField = fc.constantFrom(
  ...[
    'token',
    'tokenFile',
    'password',
    'username',
    'as',
    'client-key-data',
    'client-certificate-data',
    'client-key',
  ],
);
const place = fc.oneof(
  userField.map((field) => ['users', '0', 'user', field]),
  fc.constantFrom(
    ['users', '0', 'user', 'exec', 'command'],
    ['users', '0', 'user', 'exec', 'args', '0'],
    ['users', '0', 'user', 'exec', 'env', '0', 'value'],
    ['users', '0', 'user', 'exec'],
    ['users', '0', 'user', 'auth-provider', 'name'],
    ['users', '0', 'user'],
    ['users', '0'],
    ['users'],
    ['clusters', '0', 'cluster', 'server'],
    ['clusters', '0', 'cluster', 'proxy-url'],
    ['clusters', '0', 'cluster', 'certificate-authority-data'],
    ['clusters', '0', 'cluster', 'tls-server-name'],
    ['contexts', '0', 'context', 'namespace'],
    ['contexts', '0', 'context', 'user'],
    ['current-context'],
    ['kind'],
  ),
);

const shapes: readonly ((secret: string) => unknown)[] = [
  (text) => text,
  (text) => `https://admin:${text}@api.example.com`,
  (text) => `http://${text}`,
  (text) => `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----`,
  (text) => Buffer.from(`-----BEGIN PRIVATE KEY-----\n${text}`).toString('base64'),
  (text) => `${text}\nnext line`,
  (text) => [text],
  (text) => ({ [text]: text }),
];

test('a secret is never repeated, wherever it stands', () => {
  fc.assert(
    fc.property(secret, place, fc.constantFrom(...shapes), (text, path, shape) => {
      expect(toldOf(planted(path, shape(text)))).not.toContain(text);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('a secret is never repeated from a text that is torn at any place', () => {
  fc.assert(
    fc.property(secret, mutated, fc.double({ min: 0, max: 1, noNaN: true }), (text, torn, where) => {
      const at = Math.floor(where * torn.length);
      expect(toldOf(torn.slice(0, at) + text + torn.slice(at))).not.toContain(text);
    }),
    { numRuns: 100, seed: 1 },
  );
});
