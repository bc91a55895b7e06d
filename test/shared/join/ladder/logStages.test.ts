import { expect, test } from 'vitest';
import { createLog } from '#log';
import { reactionTo } from '../../../../shared/join/ladder/answers.ts';
import { logJoin, logSight } from '../../../../shared/join/ladder/logStages.ts';
import { aController, aJoinToken, ownAddress } from '../../../infra/world/neuvector/aController.ts';
import { asAdmin, right } from '../access/aHouse.ts';
import { aClimb } from './aClimb.ts';

function aLog() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => lines.push(line), now: () => 0 });
  const told = () =>
    lines.map((line) => {
      const { level, stage, is, code } = JSON.parse(line);
      return [level, stage, is, code].filter(Boolean).join(' ');
    });
  return { log, lines, told };
}

test('the story of a join is told stage by stage, each change once, without any secret', async () => {
  const { aRow, look, primary, controller } = await aClimb();
  const { log, lines, told } = aLog();
  const token = await aJoinToken(primary);
  const row = await aRow({ credential: asAdmin(), token });
  const ready = await look(row);
  logSight(log, row, ready);
  const refused = { status: 400, code: 40, message: `unreachable ${token} ${right}` };
  logJoin(log, row, { is: 'failed', ...reactionTo('join', refused) });
  const known = { ...row, data: { ...row.data, stages: ready.stages } };
  logSight(log, known, await look(known));
  logJoin(log, known, { is: 'done' });
  const body = { name: 'u2204a-abcdef', join_token: token, joint_rest_info: ownAddress(controller) };
  await controller.call('POST', '/v1/fed/join', { body });
  logSight(log, known, await look(known));
  expect(told()).toEqual([
    ...['info settings done', 'info controller done', 'info session done', 'info standalone done'],
    ...['info token done', 'info address warning JOIN_ADDRESS_DOUBTFUL', 'info primary done'],
    'warn join failed JOIN_ADDRESS_UNREACHED',
    'info join done',
    'info listed done',
  ]);
  for (const secret of [token, right]) expect(lines.join('')).not.toContain(secret);
  expect(JSON.parse(lines[7]!)).toMatchObject({ status: 400, answered: 40, attempt: 0, name: row.name });
});

test('what a look found holds no secret either', async () => {
  const { aRow, look, primary } = await aClimb();
  const other = await aController();
  await other.rest.switchOn({ kind: 'refused' });
  const token = await aJoinToken(primary);
  const wish = { advertise: { server: '127.0.0.1', port: other.port } };
  const row = await aRow({ credential: asAdmin(), token, wish });
  const said = JSON.stringify(await look(row, { probeAdvertised: true }));
  for (const secret of [token, right]) expect(said).not.toContain(secret);
});
