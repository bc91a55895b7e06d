import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type ContextRead,
  readContexts,
  readKubeconfig,
} from '../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { DroverError, say, type Text } from '../../../../shared/errors/index.ts';
import { ada, aKubeconfig, base64, ca, kubeconfigObject, token } from './aKubeconfig.ts';

const certificateUser = {
  'client-certificate-data': base64(ada.certPem),
  'client-key-data': base64(ada.keyPem),
};
const fleet = {
  clusters: ['north', 'south'].map((name) => ({
    name,
    cluster: { server: `https://${name}.example.com:6443` },
  })),
  users: [
    { name: 'reader', user: { token } },
    { name: 'plugin', user: { exec: { command: 'gke-gcloud-auth-plugin' } } },
  ],
  contexts: [
    { name: 'north', context: { cluster: 'north', user: 'reader' } },
    { name: 'south', context: { cluster: 'south', user: 'plugin' } },
  ],
  'current-context': 'north',
};

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof DroverError) return error.code;
    throw error;
  }
  return 'taken';
}

const errorOf = (text: string): DroverError => {
  const [read] = readContexts(text) as [ContextRead];
  if ('error' in read) return read.error;
  throw new Error('It was taken.');
};

describe('a kubeconfig of one context', () => {
  test('gives its cluster, its token and its namespace', () => {
    expect(readKubeconfig(aKubeconfig({ context: { namespace: 'shop' } }))).toEqual({
      contexts: ['store'],
      chosen: {
        context: 'store',
        cluster: { name: 'store-cluster', server: 'https://203.0.113.7:6443', ca: ca.certPem },
        credential: { type: 'token', token },
        namespace: 'shop',
      },
      warnings: [],
    });
  });

  test('gives its certificate and key', () => {
    const { credential } = readKubeconfig(aKubeconfig({ user: certificateUser })).chosen;
    expect(credential).toEqual({ type: 'certificate', certificate: ada.certPem, key: ada.keyPem });
  });

  test('reads the same from JSON, with tabs too', () => {
    const expected = readKubeconfig(aKubeconfig());
    expect(readKubeconfig(JSON.stringify(kubeconfigObject()))).toEqual(expected);
    expect(readKubeconfig(JSON.stringify(kubeconfigObject(), null, '\t'))).toEqual(expected);
  });

  test.each([
    ['Windows line ends', aKubeconfig().replaceAll('\n', '\r\n')],
    ['a byte-order mark', `\ufeff${aKubeconfig()}`],
    ['document marks', `---\n${aKubeconfig()}...\n`],
    ['a token in quotes', aKubeconfig().replace(token, `"${token}"`)],
    ['a token as a block, with a line end', aKubeconfig().replace(token, `|\n        ${token}`)],
    [
      'a CA with Windows line ends',
      aKubeconfig({ cluster: { 'certificate-authority-data': base64(ca.certPem.replaceAll('\n', '\r\n')) } }),
    ],
    [
      'a CA with an explanation above and indentation',
      aKubeconfig({
        cluster: {
          'certificate-authority-data': base64(
            `subject=CN=kubernetes\n  ${ca.certPem.replaceAll('\n', '\n  ')}`,
          ),
        },
      }),
    ],
    [
      'base64 in several lines',
      aKubeconfig({
        cluster: { 'certificate-authority-data': base64(ca.certPem).replace(/.{76}/g, '$&\n') },
      }),
    ],
    [
      'fields that are there and empty',
      aKubeconfig({
        cluster: { 'certificate-authority': '', 'proxy-url': null, 'insecure-skip-tls-verify': false },
        user: { token, tokenFile: '', exec: null, 'as-groups': [], username: '' },
      }),
    ],
    [
      'what minikube adds',
      aKubeconfig({
        cluster: {
          extensions: [{ name: 'cluster_info', extension: { provider: 'minikube.sigs.k8s.io', 1: 2 } }],
        },
        top: { preferences: {}, extensions: null },
      }),
    ],
  ])('means the same with %s', (_, text) => {
    expect(readKubeconfig(text)).toEqual(readKubeconfig(aKubeconfig()));
  });

  test.each([
    ['https://API.example.com', 'https://api.example.com'],
    ['https://api.example.com:443/', 'https://api.example.com'],
    ['https://rancher.example.com/k8s/clusters/c-1', 'https://rancher.example.com/k8s/clusters/c-1'],
    ['https://[2001:db8::1]:6443', 'https://[2001:db8::1]:6443'],
    ['HTTPS://api.example.com:6443', 'https://api.example.com:6443'],
  ])('takes the server %s for %s', (server, expected) => {
    expect(readKubeconfig(aKubeconfig({ cluster: { server } })).chosen.cluster.server).toBe(expected);
  });

  test('keeps the TLS server name', () => {
    const text = aKubeconfig({ cluster: { 'tls-server-name': 'kubernetes.default.svc' } });
    expect(readKubeconfig(text).chosen.cluster.tlsServerName).toBe('kubernetes.default.svc');
  });

  test('keeps the whole bundle of a CA', () => {
    const bundle = ca.certPem + ada.certPem;
    const text = aKubeconfig({ cluster: { 'certificate-authority-data': base64(bundle) } });
    const kept = readKubeconfig(text).chosen.cluster.ca!;
    expect(kept).toBe(bundle);
    expect(new X509Certificate(kept).subject).toBe('CN=kubernetes');
  });
});

// A client certificate carried along with the token was used silently, and expired: argo-cd#1742, #19033.
test('test idea 2: of a user with a token and a certificate only the token is kept, and that is said', () => {
  const { chosen, warnings } = readKubeconfig(aKubeconfig({ user: { token, ...certificateUser } }));
  expect(chosen.credential).toEqual({ type: 'token', token });
  expect(JSON.stringify(chosen)).not.toContain(ada.certPem.split('\n')[1]);
  expect(warnings.map(({ code }) => code)).toEqual(['CREDENTIAL_LEFT_OUT']);
});

describe('without verification', () => {
  const cluster = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined };

  test('is refused, unless an administrator allows it; then there is a warning for ever', () => {
    expect(codeOf(() => readKubeconfig(aKubeconfig({ cluster })))).toBe('KUBECONFIG_INSECURE');
    const { chosen, warnings } = readKubeconfig(aKubeconfig({ cluster }), { allowInsecure: true });
    expect(chosen.cluster.insecure).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['SERVER_UNVERIFIED']);
  });

  test('is refused beside a CA whatever the administrator says, as kubectl does', () => {
    const text = aKubeconfig({ cluster: { 'insecure-skip-tls-verify': true } });
    expect(codeOf(() => readKubeconfig(text, { allowInsecure: true }))).toBe('KUBECONFIG_INSECURE');
  });

  test('is not allowed to those who do not ask for it', () => {
    expect(readKubeconfig(aKubeconfig(), { allowInsecure: true }).chosen.cluster.insecure).toBeUndefined();
  });
});

describe('several contexts', () => {
  const text = aKubeconfig({ top: fleet });

  test('have to be chosen from, whatever the current one is', () => {
    expect(() => readKubeconfig(text)).toThrowError(
      expect.objectContaining({
        code: 'KUBECONFIG_CONTEXT_AMBIGUOUS',
        values: { count: 2, contexts: 'north, south' },
      }),
    );
  });

  test('give the one asked for and nothing of the others, whatever these hold', () => {
    const read = readKubeconfig(text, { context: 'north' });
    expect(read.contexts).toEqual(['north', 'south']);
    expect(read.chosen).toEqual({
      context: 'north',
      cluster: { name: 'north', server: 'https://north.example.com:6443' },
      credential: { type: 'token', token },
    });
    expect(codeOf(() => readKubeconfig(text, { context: 'south' }))).toBe('KUBECONFIG_EXEC');
  });

  test('do not give one that is not there', () => {
    expect(codeOf(() => readKubeconfig(text, { context: 'west' }))).toBe('KUBECONFIG_CONTEXT_MISSING');
    expect(codeOf(() => readKubeconfig(text, { context: '' }))).toBe('KUBECONFIG_CONTEXT_MISSING');
  });

  test('are answered one by one for an import', () => {
    expect(
      readContexts(text).map((read) => [read.context, 'error' in read ? read.error.code : 'taken']),
    ).toEqual([
      ['north', 'taken'],
      ['south', 'KUBECONFIG_EXEC'],
    ]);
  });
});

test('every fault of a context is named, the first as the error', () => {
  const error = errorOf(
    aKubeconfig({
      cluster: { server: 'http://a', 'proxy-url': 'http://b' },
      user: { tokenFile: '/a', as: 'x', typo: 1 },
    }),
  );
  expect(error.code).toBe('KUBECONFIG_PROXY');
  expect(error.fields.map(({ path, code }) => `${path} ${code}`)).toEqual([
    'clusters[0].cluster.proxy-url KUBECONFIG_PROXY',
    'clusters[0].cluster.server KUBECONFIG_SERVER_NOT_HTTPS',
    'users[0].user.tokenFile KUBECONFIG_FILE_PATH',
    'users[0].user.as KUBECONFIG_IMPERSONATION',
    'users[0].user.typo KUBECONFIG_UNKNOWN_FIELD',
  ]);
});

test.each([
  ['/usr/local/bin/aws', 'aws', 'type "eks"'],
  ['C:\\tools\\aws-iam-authenticator.exe', 'aws-iam-authenticator', 'type "eks"'],
  ['gke-gcloud-auth-plugin', 'gke-gcloud-auth-plugin', 'access-manifest'],
  ['/home/ada/get-token.sh', 'a command', 'access-manifest'],
])('the command %s is told as %s, with its way out', (command, name, wayOut) => {
  const error = errorOf(aKubeconfig({ user: { exec: { command } } }));
  expect(error.message).toContain(`runs ${name} to get`);
  expect(say(error.entry.remedy, 'en', error.values)).toContain(wayOut);
});

test('what kubectl shows without --raw is named as that', () => {
  const error = errorOf(
    aKubeconfig({ cluster: { 'certificate-authority-data': 'DATA+OMITTED' }, user: { token: 'REDACTED' } }),
  );
  expect(error.fields.map(({ path, message }) => [path, (message as Text).en])).toEqual([
    ['clusters[0].cluster.certificate-authority-data', expect.stringContaining('left out by kubectl')],
    ['users[0].user.token', expect.stringContaining('left out by kubectl')],
  ]);
});
