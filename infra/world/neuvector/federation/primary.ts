import { z } from 'zod';
import { minute } from '#time';
import type { Login } from '../accounts.ts';
import { Refusal, type Status, statuses, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf, tooOld } from '../versions.ts';
import { command } from './commands.ts';
import { shownPrimary } from './describe.ts';
import { changeMember, removeMember } from './members.ts';
import { gone } from './membership.ts';
import { asPrimary, isWhole, restInfo } from './state.ts';
import { faultOf, joinToken, ticket } from './tickets.ts';

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
