import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import type { ControllerEntry } from '../../../infra/world/neuvector/world.ts';
import { asAdministrator } from '../clusters/asAdministrator.ts';
import type { Answered, Call } from '../clusters/stage.ts';
import { type Drover, startDrover } from '../drover.ts';
import { trustsReceivers } from '../receiver.ts';

export const joins = '/api/v1/joins';

/** Waits on the record itself. */
export async function until(
  call: Call,
  name: string,
  isSo: (membership: Answered['body']) => boolean,
  seconds = 40,
): Promise<Answered['body']> {
  const end = performance.now() + seconds * 1_000;
  let version = 0;
  for (;;) {
    const { status, body } = await call('GET', `${joins}/${name}?wait=5&version=${version}`);
    if (status === 200 && isSo(body)) return body;
    if (performance.now() > end) throw new Error(`Not so after ${seconds} s: ${JSON.stringify(body)}`);
    version = status === 200 ? body.version : 0;
  }
}

export const untilIn = (call: Call, name: string, state: string) =>
  until(call, name, (one) => one.state === state);

export async function stage(args: string[] = [], environment: Record<string, string> = {}) {
  return onStage(
    await startDrover({ args, hasWorld: true, environment: { ...trustsReceivers, ...environment } }),
  );
}

/** A Drover that runs with its world, and those who play there. */
export async function onStage(drover: Drover) {
  const call = await asAdministrator(drover);
  const file = join(drover.data, 'world', 'neuvector.json');
  if (!drover.said().includes(file)) throw new Error(`It has no world beside it:\n${drover.said()}`);
  const entries = JSON.parse(await readFile(file, 'utf8')) as ControllerEntry[];
  const controllers = Object.fromEntries(entries.map((entry) => [entry.name, entry]));
  const primary = controllers.primary!;
  const agent = new Agent({ connect: { ca: primary.ca } });
  onTestFinished(() => agent.destroy());
  /** As the primary's own administrator. */
  const atPrimary = async (method: 'GET' | 'DELETE', path: string) => {
    const answer = await request(`https://${primary.rest}${path}`, {
      dispatcher: agent,
      method,
      headers: { 'x-auth-apikey': primary.apiKey },
    });
    const text = await answer.body.text();
    // biome-ignore lint/suspicious/noExplicitAny: whatever it answers
    return (text === '' ? undefined : JSON.parse(text)) as any;
  };
  /** The start has a store join by itself: here only those count that are one store's. */
  const membersOf = async (store: string): Promise<{ id: string; name: string; status: string }[]> =>
    (await atPrimary('GET', '/v1/fed/member')).joint_clusters.filter(({ name }: { name: string }) =>
      name.startsWith(`${store}-`),
    );
  const control = /http:\/\/127\.0\.0\.1:\d+\/\n/.exec(drover.said())![0].trim();
  const seen = async (name: string) => {
    const answer = await fetch(`${control}api/controllers/${name}`);
    // biome-ignore lint/suspicious/noExplicitAny: as the world tells it
    return (await answer.json()) as any;
  };
  return { drover, call, controllers, primary, atPrimary, membersOf, seen };
}

export const apiKey = ({ apiKey: text }: ControllerEntry) => {
  const [name = '', secret = ''] = text.split(':');
  return { type: 'apiKey', name, secret };
};
