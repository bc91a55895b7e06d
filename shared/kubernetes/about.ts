import type { KubeAnswer, KubeConnection } from './access.ts';
import { asked, type CallOptions } from './asked.ts';
import { notKubernetes } from './notKubernetes.ts';
import { problemOf } from './problemOf.ts';
import { record, recordIn, recordsIn, textIn } from './shapes.ts';

export interface KubeVersion {
  /** As the cluster spells it: `v1.34.1-eks-113cf36`. */
  readonly gitVersion: string;
  /** Where it can be read from that. */
  readonly major?: number;
  readonly minor?: number;
  readonly platform?: string;
}

/** It is answered to anybody, and so proves neither who we are nor what we may. */
export async function version(connection: KubeConnection, options: CallOptions = {}): Promise<KubeVersion> {
  const answer = await asked(connection, { ...options, path: '/version' });
  const body = record(answer);
  const gitVersion = textIn(body, 'gitVersion');
  if (gitVersion === undefined) throw notKubernetes(answer);
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})/.exec(gitVersion) ?? [];
  const platform = textIn(body, 'platform');
  return {
    gitVersion: gitVersion.slice(0, 100),
    ...(major !== undefined && { major: Number(major), minor: Number(minor) }),
    ...(platform && { platform: platform.slice(0, 60) }),
  };
}

export interface Health {
  readonly healthy: boolean;
  /** Those that fail, by name. */
  readonly failing: readonly string[];
  readonly checks: readonly { name: string; ok: boolean }[];
}

/**
 * What the server says of its own health; undefined where we may not ask, which says nothing against it. Servers too
 * old for the path answer at /healthz.
 */
export async function health(
  connection: KubeConnection,
  path: '/readyz' | '/livez' = '/readyz',
  options: CallOptions = {},
): Promise<Health | undefined> {
  const ask = (at: string) =>
    connection.send({ ...options, path: at, query: { verbose: true }, accept: 'text/plain' });
  let answer = await ask(path);
  if (answer.status === 404) answer = await ask('/healthz');
  if (answer.status === 401 || answer.status === 403) return undefined;
  const checks = checksIn(answer);
  // A failing server answers 500 with its checks; without them it is any other fault.
  const problem = checks.length > 0 ? undefined : problemOf(answer);
  if (problem) throw problem;
  return {
    healthy: answer.status === 200,
    failing: checks.filter(({ ok }) => !ok).map(({ name }) => name),
    checks,
  };
}

const checksIn = ({ body }: KubeAnswer): { name: string; ok: boolean }[] =>
  [
    ...Buffer.from(body)
      .toString('utf8')
      .matchAll(/^\[([+-])\]([\w./-]{1,100})/gm),
  ].map(([, sign, name]) => ({
    name: name!,
    ok: sign === '+',
  }));

export interface ApiVersion {
  /** '' is the core group. */
  readonly group: string;
  readonly version: string;
  /** Nobody answers for it just now: what is known of it is old, or nothing. */
  readonly stale: boolean;
  /** Plural names. */
  readonly resources: readonly string[];
}

/** What the cluster serves, in two answers; servers before 1.27 are not asked about each group. */
export async function discovery(
  connection: KubeConnection,
  options: CallOptions = {},
): Promise<readonly ApiVersion[]> {
  const pages = await Promise.all(
    ['/api', '/apis'].map(async (path) => {
      const answer = await asked(connection, {
        ...options,
        maxBytes: options.maxBytes ?? 8_388_608,
        path,
        accept:
          'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
      });
      return versionsIn(answer);
    }),
  );
  return pages.flat();
}

function versionsIn(answer: KubeAnswer): ApiVersion[] {
  const body = record(answer);
  if (body.kind === 'APIGroupDiscoveryList') {
    return recordsIn(body, 'items', answer).flatMap((item) => {
      const group = textIn(recordIn(item, 'metadata'), 'name') ?? '';
      return recordsIn(item, 'versions', answer).map((version) => ({
        group,
        version: textIn(version, 'version') ?? '',
        stale: version.freshness === 'Stale',
        resources: recordsIn(version, 'resources', answer).map((each) => textIn(each, 'resource') ?? ''),
      }));
    });
  }
  const unnamed = { stale: false, resources: [] };
  if (body.kind === 'APIVersions') {
    const versions = Array.isArray(body.versions) ? body.versions : [];
    return versions.map((version) => ({ group: '', version: String(version), ...unnamed }));
  }
  if (body.kind !== 'APIGroupList') throw notKubernetes(answer);
  return recordsIn(body, 'groups', answer).flatMap((group) =>
    recordsIn(group, 'versions', answer).map((version) => ({
      group: textIn(group, 'name') ?? '',
      version: textIn(version, 'version') ?? '',
      ...unnamed,
    })),
  );
}
