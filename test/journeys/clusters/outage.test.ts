import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { startDrover } from '../drover.ts';
import { aReceiver, trustsReceivers } from '../receiver.ts';
import { asAdministrator } from './asAdministrator.ts';
import { clusters, expectStatus, until, untilHealthy } from './stage.ts';

const modes = [
  { mode: 'one process', args: [] },
  { mode: 'threads', args: ['--threads'] },
];

async function started(args: string[]) {
  const drover = await startDrover({ args, hasWorld: true, environment: trustsReceivers });
  const call = await asAdministrator(drover);
  const control = /http:\/\/127\.0\.0\.1:\d+\/\n/.exec(drover.said())![0].trim();
  const faults = async (method: 'POST' | 'DELETE', fault?: object) => {
    const path = `${control}api/clusters/testing/faults`;
    const { status } = await fetch(path, { method, ...(fault && { body: JSON.stringify(fault) }) });
    expect(status).toBeLessThan(300);
  };
  const receiver = await aReceiver();
  const hook = await expectStatus(
    call('POST', '/api/v1/webhooks', { name: 'pager', url: receiver.url, events: ['cluster.*'] }),
    201,
  );
  const secret = new Webhook(hook.body.secret);
  /** The next event of this type about the cluster, as it was signed. */
  const told = async (type: string) => {
    const { body, headers } = await receiver.next(type, 'testing');
    // biome-ignore lint/suspicious/noExplicitAny: events are looked into
    return secret.verify(body, headers) as any;
  };
  return { call, faults, told };
}

/** One firewall more, and one less. */
async function goesDownAndComesBack({ call, faults, told }: Awaited<ReturnType<typeof started>>) {
  const path = `${clusters}/testing`;
  await untilHealthy({ call }, 'testing');
  await faults('POST', { kind: 'dropped' });
  const checked = await expectStatus(call('POST', `${path}/check-connection`), 200);
  expect(checked.body).toMatchObject({ outcome: 'failed', code: 'TCP_TIMEOUT' });
  const noticed = Date.now();
  const down = await told('cluster.unreachable');
  expect(down).toMatchObject({ from: 'healthy', to: 'unreachable', cause: 'TCP_TIMEOUT' });
  const took = Date.parse(down.at) - noticed;
  expect(took).toBeGreaterThan(50_000);
  expect(took).toBeLessThan(100_000);

  // What was last seen is still shown, with its age; it is not made up.
  const { body } = await call('GET', path);
  expect(body).toMatchObject({ state: 'unreachable', nodes: { total: 20 }, cause: 'TCP_TIMEOUT' });
  expect(body.ageSeconds).toBeGreaterThan(50);
  expect(body.remedy).toMatch(/\S/);

  await faults('DELETE');
  await expectStatus(call('POST', `${path}/check-connection`), 200);
  expect(await told('cluster.recovered')).toMatchObject({ from: 'unreachable', to: 'healthy' });

  // Refused credentials are told at once: waiting mends none.
  await faults('POST', { kind: 'status', code: 401 });
  await call('POST', `${path}/check-connection`);
  await told('cluster.unauthorized');
  await faults('DELETE');
  await call('POST', `${path}/check-connection`);
  await until({ call }, 'testing', ({ state }) => state === 'healthy');
}

// Beside each other, for most of it is waiting.
test('5: a cluster that goes down is told little more than a minute later, and that it is back, in both modes', async () => {
  const all = [];
  for (const { args } of modes) all.push(await started(args));
  await Promise.all(all.map(goesDownAndComesBack));
}, 300_000);
