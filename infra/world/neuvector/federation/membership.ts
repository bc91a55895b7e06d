import { z } from 'zod';
import { minute, second } from '#time';
import type { Login } from '../accounts.ts';
import { Refusal, textOfCode, unauthenticated, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf, tooOld } from '../versions.ts';
import { newGuid } from './guid.ts';
import { statusLine, type Told } from './remote.ts';
import { isWhole, type RestInfo, restInfo } from './state.ts';
import { faultOf, memberTicket, readJoinToken } from './tickets.ts';

export const joinRequest = z.object({
  name: z.string().optional(),
  server: z.string().optional(),
  port: z.int().min(0).optional(),
  join_token: z.string().optional(),
  joint_rest_info: restInfo.optional(),
  use_proxy: z.string().optional(),
});

/** How long a member takes to make the primary's rules its own. */
const applying = 2 * second;
const untilFirstPoll = second;

const accepted = z.object({
  poll_interval: z.int(),
  master_cluster: z.object({ id: z.string(), name: z.string() }),
});

/** Carries a join to the primary that the token names, or the request. The cluster is renamed before anything is sent. */
export async function join(
  controller: Controller,
  login: Login,
  given: z.infer<typeof joinRequest>,
): Promise<void> {
  const { state, settings } = controller;
  const token = readJoinToken(given.join_token ?? '');
  const primary = { server: given.server || token.server, port: given.port || token.port };
  const local = given.joint_rest_info ?? state.localRestInfo;
  const name = given.name || state.clusterName;
  const proxy = given.use_proxy ?? state.useProxy;
  const isSound = isWhole(primary) && isWhole(local) && token.ticket !== '' && name !== '';
  if (!isSound || (proxy !== '' && proxy !== 'https')) throw wrongFormat();
  controller.change({ clusterName: name });

  // Fresh at each attempt: what an attempt whose answer was lost left at the primary is never this cluster again.
  const own = { id: newGuid(), secret: newGuid(), user: login.fullname };
  const kvVersion = kvVersionOf(settings.version);
  const told = await tellPrimary(controller, primary, '/v1/fed/join_internal', {
    user: login.fullname,
    remote: '127.0.0.1',
    user_roles: { '': login.role },
    fed_kv_version: kvVersion,
    rest_version: kvVersion,
    join_ticket: token.ticket,
    joint_cluster: {
      disabled: false,
      ...own,
      name,
      status: '',
      rest_version: '',
      k8s_uid: controller.k8sUid,
      rest_info: local,
      proxy_required: false,
    },
    csp_type: '',
    nodes: controller.data.hosts.length,
  });
  if (told.status !== 200) throw refusedBy(told);
  let answer: z.infer<typeof accepted>;
  try {
    answer = accepted.parse(JSON.parse(told.body));
  } catch {
    throw new Refusal(500, 39, `invalid character '${told.body[0] ?? ''}' looking for beginning of value`);
  }
  const { id, name: primaryName } = answer.master_cluster;
  await controller.become({
    role: 'joint',
    localRestInfo: local,
    useProxy: proxy,
    pollMinutes: answer.poll_interval || state.pollMinutes,
    primary: { id, name: primaryName, secret: '', restInfo: primary, status: 'connected' },
    own: { ...own, status: 'joined' },
    revision: 0,
  });
}

async function tellPrimary({ remote }: Controller, to: RestInfo, path: string, body: object): Promise<Told> {
  try {
    return await remote.ask(to, path, { body });
  } catch (error) {
    throw new Refusal(500, 39, (error as Error).message);
  }
}

const error = z.object({ code: z.int().default(0) });
const ownCodes: Readonly<Record<number, number>> = { 101: 42, 102: 43 };

/** The primary's status, and its code in the words of this cluster: what the primary said besides is lost. */
function refusedBy({ status, body }: Told): Refusal {
  let code: number;
  try {
    ({ code } = error.parse(JSON.parse(body)));
  } catch {
    return new Refusal(500, 39, statusLine(status));
  }
  const own = ownCodes[code] ?? code;
  return new Refusal(status, own, textOfCode(own));
}

export const leaveRequest = z.object({ force: z.boolean().default(false) });

export async function leave(controller: Controller, login: Login, isForced: boolean): Promise<void> {
  const { state, clock } = controller;
  const { id, secret } = state.own!;
  let fault: string | undefined;
  try {
    const told = await controller.remote.ask(state.primary!.restInfo, '/v1/fed/leave_internal', {
      body: {
        id,
        joint_ticket: memberTicket(secret, clock.now()),
        user: login.fullname,
        remote: '127.0.0.1',
        user_roles: { '': login.role },
      },
    });
    if (told.status !== 200) fault = statusLine(told.status);
  } catch (cause) {
    fault = (cause as Error).message;
  }
  if (fault !== undefined && !isForced) throw new Refusal(500, 39, fault);
  await controller.becomeStandalone();
}

/** A member asks for the primary's rules: soon after joining, and then at each interval. */
export async function keepPolling(controller: Controller, until: AbortSignal): Promise<void> {
  const { clock } = controller;
  await clock.sleep(untilFirstPoll, until);
  while (!until.aborted) {
    await controller.busy(() => poll(controller, until));
    await clock.sleep(controller.state.pollMinutes * minute, until);
  }
}

const pollAnswer = z.object({ result: z.int(), revisions: z.record(z.string(), z.int()).optional() });

export async function poll(controller: Controller, until: AbortSignal): Promise<void> {
  const { state, clock, settings, remote } = controller;
  const { own, primary } = state;
  if (!own || !primary) return;
  const kvVersion = kvVersionOf(settings.version);
  let told: Told | undefined;
  try {
    told = await remote.ask(primary.restInfo, '/v1/fed/poll_internal', {
      body: {
        id: own.id,
        name: state.clusterName,
        joint_ticket: memberTicket(own.secret, clock.now()),
        fed_kv_version: kvVersion,
        rest_version: kvVersion,
        revisions: { network: state.revision },
        csp_type: '',
        nodes: controller.data.hosts.length,
      },
    });
  } catch {
    // Told as `disconnected`, below.
  }
  if (until.aborted) return;
  const isConnected = told?.status === 200;
  controller.change({ primary: { ...primary, status: isConnected ? 'connected' : 'disconnected' } });
  if (told?.status === 410) controller.change({ own: { ...own, status: 'kicked' } });
  if (!told || !isConnected) return;
  const { result, revisions } = pollAnswer.parse(JSON.parse(told.body));
  if (result === 101) controller.change({ own: { ...own, status: 'joint_version_too_new' } });
  if (result === 102) controller.change({ own: { ...own, status: 'joint_upgrade_required' } });
  if (result !== 0) return;
  const revision = revisions?.network;
  if (revision === undefined) return controller.change({ own: { ...own, status: 'joined' } });
  controller.change({ own: { ...own, status: 'syncing' } });
  // Asking once more only tells the primary that the rules are applied.
  controller.later(applying, until, async () => {
    controller.change({ revision });
    await poll(controller, until);
  });
}

export const pingRequest = z.object({
  token: z.string().default(''),
  fed_kv_version: z.string().default(''),
});

export function answerPing(
  { state, clock, settings }: Controller,
  body: z.infer<typeof pingRequest>,
): object {
  const { own } = state;
  if (!own || faultOf(body.token, own.secret, clock.now()) !== undefined) throw gone();
  const old = tooOld(body.fed_kv_version, kvVersionOf(settings.version));
  return { result: old === 'primary' ? 101 : old === 'member' ? 102 : 0 };
}

export const gone = () => new Refusal(410, 6);

export const authRequest = z.object({ master_token: z.string().default('') });

/** What the primary's users do here is done by its administrator's session. */
export function openForPrimary(controller: Controller, given: z.infer<typeof authRequest>): object {
  const { state, clock, accounts } = controller;
  const fault = faultOf(given.master_token, state.own!.secret, clock.now());
  if (fault !== undefined) throw unauthenticated(fault === 'token expired' ? 408 : 401);
  const { token } = accounts.open('_fed_primary', 'admin');
  return {
    need_to_reset_password: false,
    password_days_until_expire: 0,
    password_hours_until_expire: 0,
    token: { token },
  };
}

export const commandRequest = z.object({
  revisions: z.record(z.string(), z.int()).default({}),
  fed_kv_version: z.string().default(''),
});

export function obey(controller: Controller, given: z.infer<typeof commandRequest>): object {
  const { state, settings } = controller;
  const old = tooOld(given.fed_kv_version, kvVersionOf(settings.version));
  if (old) return { result: old === 'primary' ? 101 : 102 };
  controller.pollSoon();
  return { result: given.revisions.network === state.revision ? 203 : 2 };
}
