import type { ControllerOptions } from '../../../../infra/world/neuvector/controller.ts';
import type { RestInfo } from '../../../../infra/world/neuvector/federation/state.ts';
import {
  aController,
  aJoinToken,
  aPrimary,
  ownAddress,
  SteppedClock,
  type TestController,
} from './aController.ts';

export interface Joining {
  primary: TestController;
  member: TestController;
  token: string;
  /** Sends a join, with these fields in place of the usual ones. */
  join(fields?: object, sent?: object): ReturnType<TestController['call']>;
}

export async function joining(
  given: { primary?: Partial<ControllerOptions>; member?: Partial<ControllerOptions> } = {},
): Promise<Joining> {
  const clock = new SteppedClock();
  const primary = await aPrimary(given.primary, clock);
  const member = await aController({ name: 'member', ...given.member }, clock);
  const token = await aJoinToken(primary);
  const join = (fields: object = {}, sent: object = {}) =>
    member.call('POST', '/v1/fed/join', {
      body: { name: 'store-1', join_token: token, joint_rest_info: ownAddress(member), ...fields },
      ...sent,
    });
  return { primary, member, token, join };
}

export const membersOf = async (primary: TestController) =>
  (await primary.call('GET', '/v1/fed/member')).body.joint_clusters as {
    id: string;
    name: string;
    status: string;
    rest_info: RestInfo;
  }[];

export const statusesOf = async (primary: TestController) =>
  (await membersOf(primary)).map(({ name, status }) => `${name} ${status}`);

/** Moves the clock, and lets everyone do what is due. */
export async function step(by: number, ...controllers: TestController[]): Promise<void> {
  controllers[0]!.clock.step(by);
  // Twice: what one does may give the other something to do.
  for (const { controller } of [...controllers, ...controllers]) await controller.settled();
}
