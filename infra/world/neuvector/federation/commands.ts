import { z } from 'zod';
import { hour } from '#time';
import type { Login } from '../accounts.ts';
import { Refusal, statuses, unauthenticated, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf } from '../versions.ts';
import { changeMember, removeMember, statusOf } from './members.ts';
import type { Told } from './remote.ts';
import type { Member } from './state.ts';
import { ticket } from './tickets.ts';

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

/** What a member is asked to do in the name of an administrator; undefined where it does not answer. */
export async function command(
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

export const isCompatible = ({ state, settings }: Controller, id: string): object => ({
  compatible: state.members.find((member) => member.id === id)?.restVersion === kvVersionOf(settings.version),
});
