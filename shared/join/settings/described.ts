import { DroverError, type Language, say, type Text } from '#errors';
import type { SecretReferences } from '#secretReferences';
import type { ControllerGiven, Fault } from '#settings';
import { type Described, membershipOf, metricsAlone } from './membershipOf.ts';

/** In whose place a reference may stand. */
const referable = ['CTRL_PASSWORD', 'CTRL_API_KEY', 'JOIN_TOKEN', 'CTRL_CA', 'MASTER_CLUSTER_CA'];

/** What the environment describes, its references read; `given` then holds the secrets themselves. */
export type Read = { given: ControllerGiven; described: Described } | { unanswered: DroverError };

/** Where a secret cannot be read now, but perhaps later, nothing is known of the settings. */
export async function readDescribed(
  given: ControllerGiven,
  references: Pick<SecretReferences, 'resolve'>,
): Promise<Read> {
  const described = membershipOf(given);
  if (described.is === 'absent') return { given, described };
  const resolved: Record<string, string> = { ...given };
  const problems: Fault[] = [];
  for (const name of referable) {
    const text = given[name];
    if (text === undefined) continue;
    try {
      resolved[name] = await references.resolve(name, text);
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      if (isPassing(error)) return { unanswered: error };
      problems.push({ path: name, code: 'invalid', text: textOf(error) });
    }
  }
  const read = membershipOf(resolved);
  if (problems.length === 0) return { given: resolved, described: read };
  const all = [...(read.is === 'wrong' ? read.problems : []), ...problems];
  const body = read.is === 'whole' ? read.body : read.is === 'wrong' ? read.metrics : undefined;
  return {
    given: resolved,
    described: {
      is: 'wrong',
      address: given.CTRL_API_SERVICE,
      problems: all,
      metrics: body && metricsAlone(body, all),
    },
  };
}

/** It says nothing about the settings. */
export const isPassing = ({ entry }: DroverError): boolean => entry.status >= 500;

/** What was found wrong with the membership that the settings make, by the names of the settings. */
export function faultsOf(error: DroverError): Fault[] {
  if (error.fields.length === 0) {
    return [{ path: 'CTRL_API_SERVICE', code: 'invalid', text: textOf(error) }];
  }
  return error.fields.map(({ path, message }) => {
    const name = nameOf(path);
    const said = typeof message === 'string' ? { en: message, zh: message } : message;
    return {
      path: name,
      code: 'invalid',
      text: { en: `${name}: ${withoutStop(said.en)}`, zh: `${name}：${withoutStop(said.zh)}` },
    };
  });
}

const names: readonly (readonly [string, string])[] = [
  ['controller.address', 'CTRL_API_SERVICE'],
  ['controller.ca', 'CTRL_CA'],
  ['controller.fingerprint', 'CTRL_FINGERPRINT'],
  ['controller.tlsServerName', 'CTRL_TLS_SERVER_NAME'],
  ['controller.credential.username', 'CTRL_USERNAME'],
  ['controller.credential.password', 'CTRL_PASSWORD'],
  ['controller.credential', 'CTRL_API_KEY'],
  ['storeId', 'PAAS_STORE_ID'],
  ['tokenUrl', 'JOIN_TOKEN_URL'],
  ['token', 'JOIN_TOKEN'],
  ['advertise.server', 'JOINT_REST_SERVER'],
  ['advertise.port', 'JOINT_REST_PORT'],
  ['primary.ca', 'MASTER_CLUSTER_CA'],
  ['primary', 'MASTER_CLUSTER_ADDRESS'],
  ['maxAttempts', 'MAX_JOIN_RETRIES'],
];

const nameOf = (path: string): string =>
  names.find(([field]) => path === field || path.startsWith(`${field}.`))?.[1] ?? path;

const textOf = ({ entry, values }: DroverError): Text => ({
  en: withoutStop(say(entry.message, 'en' satisfies Language, values)),
  zh: withoutStop(say(entry.message, 'zh' satisfies Language, values)),
});

/** Several stand in one sentence. */
const withoutStop = (sentence: string): string => sentence.replace(/[.。]$/, '');
