import { hour, minute } from '#time';
import { type Status, statuses } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf } from '../versions.ts';
import { changeMember, statusOf } from './members.ts';
import type { Told } from './remote.ts';
import type { Member } from './state.ts';
import { ticket } from './tickets.ts';

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
