import type { Text } from '#errors';
import {
  type Attempt,
  may as askMay,
  type Count,
  connect,
  countOf,
  discovery,
  getObject,
  health as healthOf,
  type KubeAccess,
  version as versionOf,
  whoAmI,
} from '#kubernetes';
import { subjectOf } from '../accessManifest/accessManifest.ts';
import {
  type Capability,
  capabilities,
  type Permission,
  permissionsOf,
  type ServiceAccount,
} from '../accessManifest/permissions.ts';
import { readToken } from '../credential/token.ts';
import { uidIn } from '../uidIn.ts';
import { judgeClock, skewOf } from './judgeClock.ts';
import { type Told, type Tried, tried } from './judged.ts';
import { judgeHealth } from './judgeHealth.ts';
import { judgeLoad } from './judgeLoad.ts';
import { judgeMay } from './judgeMay.ts';
import { judgeSame } from './judgeSame.ts';
import { judgeVersion } from './judgeVersion.ts';
import { judgeWhat } from './judgeWhat.ts';
import { judgeWho } from './judgeWho.ts';
import { fingerprintOf } from './reaching.ts';
import { timed } from './timed.ts';
import type { Rung, Way } from './way.ts';

/** The rungs above the verified connection: all are asked over the same one, which only they may use. */

export const http: Rung = async (way) => {
  const { ports, clock, budgets } = way;
  const connectTimeout = budgets.tcp + budgets.tls;
  const made = await tried(
    accessOf(way).then((access) => connect(ports, access, { ...way.within(connectTimeout), connectTimeout })),
  );
  if ('fault' in made) return { failure: made.fault };
  way.connection = timed(made.value, clock, way);
  const said = await tried(versionOf(way.connection, way.within(budgets.http)));
  if ('value' in said) {
    way.version = said.value.gitVersion;
    return { evidence: { version: way.version } };
  }
  const { fault } = said;
  // Hardened servers tell it to nobody whom they do not know: whether that is so, the rungs above find out.
  return isOfWho(fault) ? { evidence: { version: null, code: fault.code } } : { failure: notFound(fault) };
};

const isOfWho = ({ code }: Told): boolean =>
  ['AUTH_REJECTED', 'CREDENTIALS_NOT_PRESENTED', 'PERMISSION_MISSING', 'REQUEST_REFUSED'].includes(code);

/** Every API server has a version: where there is none, there is something else, or a gateway's path is wrong. */
const notFound = (fault: Told): Told =>
  fault.code === 'OBJECT_NOT_FOUND'
    ? { code: 'NOT_KUBERNETES', values: { ...fault.values, contentType: 'application/json' } }
    : fault;

async function accessOf({ input, ports }: Way): Promise<KubeAccess> {
  const { server, proxy, ca, tlsServerName, insecure, credential } = input;
  const fingerprint = fingerprintOf(input);
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(proxy !== undefined && { proxy }),
    ...(insecure && ca === undefined && fingerprint === undefined && { verify: false }),
    ...(credential.type === 'certificate' && { certificate: credential }),
    ...(credential.type === 'token' && bearerOf(credential.token)),
    ...(credential.type === 'eks' && { bearer: await ports.eks.bearerOf(credential, { server, proxy }) }),
  };
}

/** As it may stand in a header: the first rung has refused what may not. */
function bearerOf(text: string): { bearer: () => string } {
  const read = readToken(text);
  const token = 'value' in read ? read.value : text;
  return { bearer: () => token };
}

export const health: Rung = async (way) => {
  const ask = (path: '/livez' | '/readyz') =>
    tried(healthOf(way.connection!, path, way.within(way.budgets.http)));
  const [livez, readyz] = await Promise.all([ask('/livez'), ask('/readyz')]);
  return judgeHealth({ livez, readyz });
};

export const who: Rung = async (way) => {
  const said = await tried(whoAmI(way.connection!, way.within(way.budgets.http)));
  const { identity, ...judged } = judgeWho(
    said,
    { subject: subjectIn(way), suspected: way.suspected },
    way.place,
  );
  way.identity = identity;
  return judged;
};

/** Whom the credential itself names. */
function subjectIn({ local }: Way): string | null {
  const credential = local?.evidence?.credential;
  return credential && 'subject' in credential ? credential.subject : null;
}

export const may: Rung = async (way) => {
  const wanted = wantedOf(way.input.capabilities).flatMap((one) => permissionsOf(one, accountOf(way)));
  const asked = new Map<string, Promise<Tried<{ allowed: boolean }>>>();
  const answers = await Promise.all(
    wanted.map((permission) => {
      const attempt = attemptOf(permission);
      const key = JSON.stringify(attempt);
      // Lists of nodes and pods belong to two capabilities.
      const answer = asked.get(key) ?? tried(askMay(way.connection!, attempt, way.within(way.budgets.http)));
      asked.set(key, answer);
      return answer;
    }),
  );
  const user = way.identity?.username ?? unnamed;
  const { permissions, ...judged } = judgeMay(wanted, answers, { ...way.place, user });
  way.permissions = permissions;
  return judged;
};

const unnamed: Text = { en: 'The credential', zh: '该凭据' };

/** Without watching there is nothing. */
const wantedOf = (given: readonly Capability[]): readonly Capability[] =>
  capabilities.filter((capability) => capability === 'watch' || given.includes(capability));

/** Whose token would be renewed: as it is told, as the cluster says, or as the manifest would name it. */
function accountOf({ input, identity }: Way): ServiceAccount {
  const subject = identity && subjectOf(identity.username);
  return (
    input.serviceAccount ??
    (subject?.kind === 'ServiceAccount' ? subject : { namespace: 'drover-system', name: 'drover' })
  );
}

function attemptOf({ verb, group, resource, namespace, name }: Permission): Attempt {
  if (group === null) return { verb, path: resource };
  const [kind, subresource] = resource.split('/');
  return {
    verb,
    group,
    resource: kind!,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}

export const what: Rung = async (way) => {
  const said = await tried(discovery(way.connection!, way.within(way.budgets.http)));
  const { groups, ...judged } = judgeWhat(said, wantedOf(way.input.capabilities));
  way.groups = groups;
  return judged;
};

export const version: Rung = async (way) => judgeVersion(way.version, way.clock.now());

export const load: Rung = async (way) => {
  const count = (path: string): Promise<Tried<Count>> =>
    tried(countOf(way.connection!, path, way.within(way.budgets.http)));
  const [nodes, pods] = await Promise.all([count('/api/v1/nodes'), count('/api/v1/pods')]);
  const { p50, ...judged } = judgeLoad({ nodes, pods }, way.took);
  way.counts = {
    nodes: 'value' in nodes ? nodes.value.count : null,
    pods: 'value' in pods ? pods.value.count : null,
  };
  way.latency = p50;
  return judged;
};

export const clock: Rung = async (way) => {
  const skew = skewOf(way.clocks);
  way.skew = skew === undefined ? null : Math.round(skew);
  return judgeClock(skew);
};

export const same: Rung = async (way) => {
  const path = '/api/v1/namespaces/kube-system';
  const said = await tried(getObject(way.connection!, path, way.within(way.budgets.http)));
  if ('fault' in said) return { warnings: [said.fault] };
  const uid = uidIn(said.value);
  if (uid === null) return { evidence: { uid: null } };
  way.uid = uid;
  const { known } = way.ports;
  return judgeSame(uid, known?.uid ?? null, (await known?.othersWith(uid)) ?? []);
};
