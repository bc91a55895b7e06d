import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asAdministrator } from '../clusters/asAdministrator.ts';
import { type Call, expectStatus } from '../clusters/stage.ts';
import { type Drover, dataFolder, freePort, startDrover } from '../drover.ts';
import { commandsOf, type } from '../readme.ts';
import { apiKey, joins, onStage, untilIn } from './stage.ts';

/** As a newcomer has it, who reads on. */
let drover: Drover;
const undoings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const atEnd = (undo: () => Promise<void>) => void undoings.unshift(undo);
  drover = await startDrover({ hasWorld: true, atEnd });
}, 60_000);
afterAll(async () => {
  for (const undo of undoings) await undo();
});

test('the README’s commands on joins do as they are written what their comments promise', async () => {
  const { call, membersOf } = await onStage(drover);
  await untilIn(call, 'store-1', 'joined');
  const as = (await commandsOf('Clusters')).filter((command) => command.startsWith('drover() {'));
  const commands = await commandsOf('Join');
  const last = commands.pop()!;
  const typed = await type([...as, ...commands], drover);

  const answers = typed.filter(({ output }) => output !== '');
  const json = (of: string) => JSON.parse(answers.find(({ command }) => command.startsWith(of))!.output);
  expect(json('drover /joins ').items).toMatchObject([
    { name: 'primary', state: 'watching', join: false },
    { name: 'store-1', state: 'joined', member: { name: expect.stringMatching(/^store-1-/) } },
  ]);
  const history: { type: string }[] = json('drover /joins/store-1/history').items;
  expect(history.map(({ type }) => type)).toContain('join.completed');
  expect(answers.find(({ command }) => command.startsWith('curl '))!.output).toMatch(/^nv_\w+\{/m);
  expect(json('membership | drover /joins ')).toMatchObject({ name: 'store-2', from: 'api' });
  // News may be of a step on the way.
  const { state } = json("drover '/joins/store-2?wait=");
  expect(['waiting', 'joining', 'joined']).toContain(state);
  const { stages } = json('drover /joins/store-2/preflight');
  expect(stages.map(({ stage }: { stage: string }) => stage)).toContain('session');
  expect(json('drover /joins/store-2/leave')).toMatchObject({ name: 'store-2' });
  // Each command that answers is one of these.
  expect(answers).toHaveLength(7);

  await untilIn(call, 'store-2', 'left');
  expect(await membersOf('store-2')).toEqual([]);
  expect(last).toMatch(/^drover \/joins\/store-2\/retry -X POST /);
  await type([...as, last], drover);
  await untilIn(call, 'store-2', 'joined');
  expect(await membersOf('store-2')).toHaveLength(1);
}, 120_000);

const services = /^nv_summary_services\{target="[^"]+"\} \d+/m;

async function metricsAt(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.status).toBe(200);
  return answer.text();
}

async function metricsOf(call: Call, name: string): Promise<string> {
  return (await expectStatus(call('GET', `/metrics/neuvector?membership=${name}`), 200)).body;
}

test('one controller is described by the environment and joins; wrongly described it is paused, and metrics go on', async () => {
  const { controllers, atPrimary, membersOf } = await onStage(drover);
  const [store, other] = [controllers['store-3']!, controllers['store-1']!];
  const token = (await atPrimary('GET', '/v1/fed/join_token')).join_token;
  const exporterPort = await freePort();
  const data = await dataFolder();
  const [password, ca] = [join(data, 'password'), join(data, 'ca.pem')];
  await Promise.all([writeFile(password, store.password), writeFile(ca, store.ca)]);
  const described = {
    CTRL_API_SERVICE: store.rest,
    CTRL_USERNAME: store.user,
    CTRL_PASSWORD: `file:${password}`,
    CTRL_CA: `file:${ca}`,
    ENABLE_FED_JOIN: 'true',
    JOIN_TOKEN: token,
    EXPORTER_PORT: String(exporterPort),
  };

  const right = { ...described, PAAS_STORE_ID: store.name };
  const first = await startDrover({ data, environment: right });
  const call = await asAdministrator(first);
  const joined = await untilIn(call, 'default', 'joined');
  expect(joined).toMatchObject({ from: 'settings', storeId: store.name, cause: null });
  expect(joined.member.name).toMatch(/^store-3-[a-z0-9]{6}$/);
  expect(await membersOf(store.name)).toMatchObject([{ name: joined.member.name }]);
  for (const [method, body] of [['PATCH', { storeId: 'other' }], ['DELETE']] as const) {
    const refused = await expectStatus(call(method, `${joins}/default`, body), 409);
    expect(refused.body).toMatchObject({ code: 'SETTINGS_OWNED' });
  }
  expect(await metricsAt(exporterPort)).toMatch(services);
  const controller = { address: other.rest, ca: other.ca, credential: apiKey(other) };
  await expectStatus(call('POST', joins, { name: 'beside', join: false, controller }), 201);
  await first.interrupt();

  const wrong = { ...described, JOINT_REST_PORT: 'ninety' };
  const second = await startDrover({ data, environment: wrong });
  const again = await asAdministrator(second);
  const paused = await untilIn(again, 'default', 'paused');
  expect(paused).toMatchObject({ id: joined.id, cause: 'SETTINGS_INCOMPLETE' });
  const log = await readFile(join(data, 'drover.log'), 'utf8');
  const logged = log.split('\n').filter((line) => line.includes('PAAS_STORE_ID'));
  expect(logged).toHaveLength(1);
  for (const said of [paused.message, logged[0]]) {
    expect(said).toContain('PAAS_STORE_ID');
    expect(said).toContain('JOINT_REST_PORT');
  }
  expect(await metricsAt(exporterPort)).toMatch(services);
  expect(await metricsOf(again, 'beside')).toMatch(services);
  await untilIn(again, 'beside', 'watching');
  // What was joined before stays.
  expect(await membersOf(store.name)).toMatchObject([{ name: joined.member.name }]);
  for (const secret of [store.password, token]) {
    for (const told of [log, first.said(), second.said()]) expect(told).not.toContain(secret);
  }
}, 120_000);
