import { z } from 'zod';
import { hour, minute, second } from '#time';
import { type Certified, clientCertificate, createCa } from '../../pki/index.ts';
import type { Login } from '../accounts.ts';
import { Refusal, type Status, statuses, unauthenticated, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf, tooOld, unreachableStatus } from '../versions.ts';
import { shownPrimary } from './describe.ts';
import { newGuid } from './guid.ts';
import { gone, type joinRequest } from './membership.ts';
import type { Told } from './remote.ts';
import { asPrimary, isWhole, type Member, type RestInfo, restInfo } from './state.ts';
import { faultOf, joinToken, readJoinToken, ticket } from './tickets.ts';

export const promoteRequest = z.object({
  name: z.string().optional(),
  ping_interval: z.int().min(0).optional(),
  poll_interval: z.int().min(0).optional(),
  master_rest_info: restInfo.optional(),
  use_proxy: z.string().optional(),
  deploy_repo_scan_data: z.boolean().optional(),
});

/** Ends the sessions of whoever asked for it, and of `admin`. */
export async function promote(
  controller: Controller,
  login: Login,
  given: z.infer<typeof promoteRequest>,
): Promise<object> {
  const { state, accounts } = controller;
  const at = given.master_rest_info ?? state.localRestInfo;
  const useProxy = given.use_proxy ?? state.useProxy;
  if (!isWhole(at) || (useProxy !== '' && useProxy !== 'https')) throw wrongFormat();
  const own = asPrimary(at);
  const deployRepoScanData = given.deploy_repo_scan_data ?? false;
  await controller.become({
    ...own,
    clusterName: given.name || state.clusterName,
    useProxy,
    deployRepoScanData,
    pingMinutes: given.ping_interval || state.pingMinutes,
    pollMinutes: given.poll_interval || state.pollMinutes,
  });
  for (const user of new Set(['admin', login.fullname])) {
    accounts.setRole(user, 'fedAdmin');
    accounts.closeAllOf(user);
  }
  return {
    fed_role: 'master',
    master_cluster: shownPrimary({ id: own.primary.id, name: '', restInfo: at }),
    ...(useProxy !== '' && { use_proxy: useProxy }),
    deploy_repo_scan_data: deployRepoScanData,
  };
}

export async function demote(controller: Controller): Promise<void> {
  const { state, accounts } = controller;
  await Promise.all(state.members.map((member) => command(controller, member, '/v1/fed/remove_internal')));
  for (const user of accounts.users) {
    if (user.role === 'fedAdmin') user.role = 'admin';
    if (user.role === 'fedReader') user.role = 'reader';
  }
  await controller.becomeStandalone();
}

/** Of so many minutes; anything that is no positive number counts as an hour. */
export function newJoinToken({ state, clock }: Controller, duration: string | null): object {
  const { secret, restInfo: at } = state.primary!;
  const asked = Math.trunc(Number(duration));
  const minutes = /^[+-]?\d+$/.test(duration ?? '') && asked > 0 ? asked : 60;
  return { join_token: joinToken(at, ticket(secret, clock.now() + minutes * minute)) };
}

export const joinInternalRequest = z.object({
  fed_kv_version: z.string().default(''),
  rest_version: z.string().default(''),
  join_ticket: z.string().default(''),
  joint_cluster: z
    .object({
      id: z.string().default(''),
      name: z.string().default(''),
      secret: z.string().default(''),
      user: z.string().default(''),
      k8s_uid: z.string().default(''),
      rest_info: restInfo.optional(),
    })
    .optional(),
});

/** A member's request to be one, checked in the order in which a primary does it. */
export async function accept(
  controller: Controller,
  given: z.infer<typeof joinInternalRequest>,
): Promise<object> {
  const { state, settings, clock } = controller;
  const { id = '', name = '', secret = '', user = '', k8s_uid: k8sUid = '' } = given.joint_cluster ?? {};
  const at = given.joint_cluster?.rest_info ?? { server: '', port: 0 };
  if (name === state.clusterName) throw duplicate();
  if (settings.isUpgrading) throw new Refusal(426, 39);
  const old = tooOld(kvVersionOf(settings.version), given.fed_kv_version);
  if (old) throw new Refusal(426, old === 'primary' ? 101 : 102);
  const known = state.members.find((member) => member.name === name);
  const isSameCluster = known?.k8sUid === k8sUid && k8sUid !== '';
  // Before the ticket is looked at.
  if (known && settings.allowsSameUidRejoin && isSameCluster) removeMember(controller, known.id);
  else if (known) throw duplicate();
  if (!state.primary?.id) throw new Refusal(500, 4);
  const fault = controller.isFixedToken(given.join_ticket)
    ? undefined
    : faultOf(given.join_ticket, state.primary.secret, clock.now());
  if (fault !== undefined) throw new Refusal(417, 39, fault);
  if (!(await isStandalone(controller, at))) throw new Refusal(unreachableStatus(settings.version), 40);
  const restVersion = given.rest_version;
  const member: Member = {
    ...{ id, name, secret, user, k8sUid, restInfo: at, restVersion },
    status: 'joined',
    pingErrors: 0,
  };
  controller.change({ members: [...controller.state.members, member] });
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const { ca, certified } = certificates(controller, id);
  return {
    poll_interval: state.pollMinutes,
    ca_cert: base64(ca.certPem),
    client_cert: base64(certified.certPem),
    client_key: base64(certified.keyPem),
    master_cluster: shownPrimary({ ...state.primary, name: state.clusterName, status: '' }),
    csp_type: '',
  };
}

/** A join as earlier exporters send it, to the primary itself: the cluster is listed, and nobody asks it anything. */
export function acceptDirectly(controller: Controller, given: z.infer<typeof joinRequest>): void {
  const { name = '', join_token: token = '', joint_rest_info: at } = given;
  const { clusterName, members } = controller.state;
  if (name === '' || !at || !isWhole(at) || !isWhole(readJoinToken(token))) throw wrongFormat();
  if (name === clusterName || members.some((member) => member.name === name)) throw duplicate();
  const own = { id: newGuid(), name, secret: '', user: '', k8sUid: '', restInfo: at, restVersion: '' };
  controller.change({ members: [...members, { ...own, status: 'joined', pingErrors: 0 }] });
}

const duplicate = () => new Refusal(409, 41);

const probes = 2;
const pause = 2 * second;

/** Whether the cluster answers where it says it does, and that it is in no federation. */
async function isStandalone({ remote, clock }: Controller, at: RestInfo): Promise<boolean> {
  for (let i = 0; i < probes; i++) {
    let told: Told | undefined;
    try {
      told = await remote.ask(at, '/v1/fed/joint_test_internal', { body: { token: '' } });
    } catch {
      // Asked once more.
    }
    if (told?.status === 200) return true;
    await clock.sleep(pause);
  }
  return false;
}

const authorities = new WeakMap<Controller, Certified>();

function certificates(controller: Controller, id: string): { ca: Certified; certified: Certified } {
  const now = controller.clock.now();
  const valid = { notBefore: now - hour, notAfter: now + 3_650 * 24 * hour };
  const ca = authorities.get(controller) ?? createCa({ commonName: 'NeuVector', ...valid });
  authorities.set(controller, ca);
  return { ca, certified: clientCertificate(ca, { commonName: id, ...valid }) };
}

export const pollRequest = z.object({
  id: z.string().default(''),
  name: z.string().default(''),
  joint_ticket: z.string().default(''),
  fed_kv_version: z.string().default(''),
  rest_version: z.string().default(''),
  revisions: z.record(z.string(), z.int()).default({}),
});

/** A member asks for rules. Whoever lacks some is out of sync until it says that it has them. */
export function answerPoll(controller: Controller, given: z.infer<typeof pollRequest>): object {
  const { state, settings, clock } = controller;
  const member = state.members.find(({ id }) => id === given.id);
  if (!member) throw gone();
  const fault = faultOf(given.joint_ticket, member.secret, clock.now());
  if (fault !== undefined) throw new Refusal(400, 39, fault);
  const old = tooOld(kvVersionOf(settings.version), given.fed_kv_version);
  const isBehind = given.revisions.network !== state.revision;
  const status: Status = old
    ? old === 'primary'
      ? 'master_upgrade_required'
      : 'joint_upgrade_required'
    : isBehind
      ? 'out_of_sync'
      : 'synced';
  changeMember(controller, member.id, {
    name: given.name || member.name,
    restVersion: given.rest_version,
    status,
  });
  return {
    result: old ? statuses[status as keyof typeof statuses] : 0,
    poll_interval: state.pollMinutes,
    ...(!old && isBehind && { settings: Buffer.from('{}').toString('base64') }),
    revisions: !old && isBehind ? { network: state.revision } : {},
    scan_data_revs: { reg_config_rev: 0, scanned_reg_revs: {}, scanned_repo_rev: 0 },
    deploy_repo_scan_data: state.deployRepoScanData,
    csp_type: '',
  };
}

export const leaveInternalRequest = z.object({
  id: z.string().default(''),
  joint_ticket: z.string().default(''),
});

export function release(controller: Controller, given: z.infer<typeof leaveInternalRequest>): void {
  const { state, clock } = controller;
  const fail = (status: number) => new Refusal(status, 6, 'Fail to leave federation');
  if (given.id === '') throw wrongFormat();
  const member = state.members.find(({ id }) => id === given.id);
  if (!member) throw fail(404);
  if (faultOf(given.joint_ticket, member.secret, clock.now()) !== undefined) throw fail(400);
  removeMember(controller, member.id);
}

/** The member is told if it can be reached, and is put out in any case. */
export async function dismiss(controller: Controller, id: string): Promise<void> {
  const member = controller.state.members.find((one) => one.id === id);
  if (!member) throw new Refusal(400, 7);
  changeMember(controller, id, { status: 'kicked' });
  await command(controller, member, '/v1/fed/remove_internal');
  removeMember(controller, id);
}

export const deployRequest = z.object({
  force: z.boolean().default(false),
  ids: z.array(z.string()).default([]),
});

export async function deploy(
  controller: Controller,
  { ids }: z.infer<typeof deployRequest>,
): Promise<object> {
  const { state, settings } = controller;
  const chosen = state.members.filter(({ id }) => ids.length === 0 || ids.includes(id));
  if (chosen.length === 0) throw wrongFormat();
  const body = { fed_kv_version: kvVersionOf(settings.version), revisions: { network: state.revision } };
  const results = await Promise.all(
    chosen.map(async ({ id, ...member }) => {
      const told = await command(controller, { id, ...member }, '/v1/fed/command_internal', body);
      const result =
        told?.status === 200 ? (JSON.parse(told.body) as { result: number }).result : statuses.disconnected;
      changeMember(controller, id, { status: statusOf(result) });
      return [id, result] as const;
    }),
  );
  if (results.every(([, result]) => result !== statuses.notified && result !== statuses.synced))
    throw new Refusal(400, 40);
  return { results: Object.fromEntries(results) };
}

const statusOf = (result: number): Status =>
  (Object.entries(statuses).find(([, number]) => number === result)?.[0] ?? '') as Status;

/** What a member is asked to do in the name of an administrator; undefined where it does not answer. */
async function command(
  controller: Controller,
  member: Member,
  path: string,
  body: object = { user: 'admin' },
): Promise<Told | undefined> {
  const { remote } = controller;
  try {
    const token = await tokenOn(controller, member, { fullname: 'admin', role: 'fedAdmin' });
    return await remote.ask(member.restInfo, path, { token, body });
  } catch {
    return undefined;
  }
}

async function tokenOn({ remote, clock }: Controller, member: Member, login: Login): Promise<string> {
  const told = await remote.ask(member.restInfo, '/v1/fed_auth', {
    body: {
      client_ip: '127.0.0.1',
      master_username: login.fullname,
      joint_username: 'admin',
      master_token: ticket(member.secret, clock.now() + hour),
    },
  });
  if (told.status !== 200) throw unauthenticated();
  return (JSON.parse(told.body) as { token: { token: string } }).token.token;
}

/** Any request to a member, through the primary. */
export async function forward(
  controller: Controller,
  login: Login,
  id: string,
  asked: { method: string; path: string; body: Uint8Array },
): Promise<Told> {
  const [path] = asked.path.split('?');
  if (login.role === 'fedReader' && asked.method !== 'GET' && path !== '/v1/auth') throw new Refusal(403, 25);
  if (path!.startsWith('/v1/fed/') && path !== '/v1/fed/member') throw new Refusal(403, 4);
  const member = controller.state.members.find((one) => one.id === id);
  if (!member) throw new Refusal(400, 37, 'Unable to authenticate with the cluster');
  try {
    const token = await tokenOn(controller, member, login);
    const body =
      asked.body.length > 0 ? (JSON.parse(Buffer.from(asked.body).toString()) as unknown) : undefined;
    return await controller.remote.ask(member.restInfo, asked.path, { method: asked.method, token, body });
  } catch {
    changeMember(controller, id, { status: 'disconnected' });
    throw new Refusal(500, 38, 'Unable to forward request to the cluster');
  }
}

export async function keepPinging(controller: Controller, until: AbortSignal): Promise<void> {
  const { clock } = controller;
  while (!until.aborted) {
    await clock.sleep(controller.state.pingMinutes * minute, until);
    if (!until.aborted) await controller.busy(() => pingAll(controller));
  }
}

export const pingAll = async (controller: Controller): Promise<void> => {
  await Promise.all(
    controller.state.members.filter(({ secret }) => secret !== '').map((member) => ping(controller, member)),
  );
};

const errorsUntilDisconnected = 3;

async function ping(controller: Controller, { id, restInfo: at, secret }: Member): Promise<void> {
  const { remote, clock, settings } = controller;
  let told: Told | undefined;
  try {
    told = await remote.ask(at, '/v1/fed/ping_internal', {
      body: { token: ticket(secret, clock.now() + hour), fed_kv_version: kvVersionOf(settings.version) },
    });
  } catch {
    // Counted below.
  }
  const member = controller.state.members.find((one) => one.id === id);
  if (!member) return;
  const pingErrors = told ? 0 : member.pingErrors + 1;
  if (pingErrors >= errorsUntilDisconnected)
    return changeMember(controller, id, { pingErrors: 0, status: 'disconnected' });
  changeMember(controller, id, { pingErrors, ...(told && { status: statusAfter(member.status, told) }) });
}

function statusAfter(before: Status, { status, body }: Told): Status {
  if (status === 410) return 'left';
  if (status !== 200) return 'disconnected';
  const { result } = JSON.parse(body) as { result: number };
  if (result === statuses.master_upgrade_required) return 'joint_version_too_new';
  if (result !== 0) return statusOf(result);
  return before === 'disconnected' ? 'connected' : before;
}

export function changeMember(controller: Controller, id: string, to: Partial<Member>): void {
  const members = controller.state.members.map((member) =>
    member.id === id ? { ...member, ...to } : member,
  );
  controller.change({ members });
}

function removeMember(controller: Controller, id: string): void {
  controller.change({ members: controller.state.members.filter((member) => member.id !== id) });
}

export const configRequest = z.object({
  ping_interval: z.int().min(0).optional(),
  poll_interval: z.int().min(0).optional(),
  name: z.string().optional(),
  rest_info: restInfo.optional(),
  use_proxy: z.string().optional(),
  deploy_repo_scan_data: z.boolean().optional(),
});

const readOnly = {
  name: {
    master: 'Cluster name cannot be modified when there is other cluster in the federation',
    joint: 'Cluster name cannot be modified after joining the federation',
  },
  address: {
    master: 'Exposed REST server info is read-only when there is other cluster in the federation',
    joint: 'Exposed REST server info is read-only because this cluster already joins the federation',
  },
};

export function configure(controller: Controller, login: Login, given: z.infer<typeof configRequest>): void {
  const { state } = controller;
  const { role, members } = state;
  if (role === 'master' && login.role !== 'fedAdmin') throw new Refusal(403, 25);
  const { name, rest_info: at, use_proxy: proxy, deploy_repo_scan_data: deploys } = given;
  if (name === '' || (at && !isWhole(at)) || (proxy !== undefined && proxy !== '' && proxy !== 'https'))
    throw wrongFormat();
  const fail = (message: string) => new Refusal(400, 39, message);
  if (deploys !== undefined && role === 'joint')
    throw fail('Options for scan data deployment can only be configured on primary cluster');
  const isFixed = role === 'joint' || (role === 'master' && members.length > 0);
  const isMoved = at && (at.server !== state.localRestInfo.server || at.port !== state.localRestInfo.port);
  if (isFixed && name !== undefined && name !== state.clusterName) throw fail(readOnly.name[role]);
  if (isFixed && isMoved) throw fail(readOnly.address[role]);
  controller.change({
    ...(name !== undefined && { clusterName: name }),
    ...(at && { localRestInfo: at }),
    ...(at && role === 'master' && { primary: { ...state.primary!, restInfo: at } }),
    ...(proxy !== undefined && { useProxy: proxy as '' | 'https' }),
    ...(deploys !== undefined && { deployRepoScanData: deploys }),
    ...(role === 'master' && given.ping_interval && { pingMinutes: given.ping_interval }),
    ...(role === 'master' && given.poll_interval && { pollMinutes: given.poll_interval }),
  });
}

export const isCompatible = ({ state, settings }: Controller, id: string): object => ({
  compatible: state.members.find((member) => member.id === id)?.restVersion === kvVersionOf(settings.version),
});
