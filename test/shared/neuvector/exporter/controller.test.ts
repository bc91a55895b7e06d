import { expect, test } from 'vitest';
import type { SignedIn } from '#neuvector';
import type { Fault } from '../../../../infra/world/faults/fault.ts';
import { aController } from '../../../infra/world/neuvector/aController.ts';
import { withKey } from '../aWay.ts';
import { answering } from './answering.ts';
import { collected } from './collected.ts';
import { readExposition } from './readExposition.ts';

/** Over TLS, as Drover does it. */
const scraped = (signedIn: SignedIn) =>
  collected({}, {}, { ...answering({}), way: signedIn.way, pass: signedIn.pass });

test('of a simulated controller all is read, as a reader, with one request for each list', async () => {
  const controller = await aController();
  const { written, failures, requests } = await scraped(withKey(controller, 'read'));
  expect(failures).toEqual({});
  expect(requests).toBe(13 + 2 + 3 + 3);
  expect(readExposition(written).samples.length).toBeGreaterThan(100);
});

const on = { path: '/v1/workload' };
const faults: [Fault, string][] = [
  [{ kind: 'neuvector', status: 403, code: 25, on }, '403'],
  [{ kind: 'truncated', afterBytes: 600, on }, 'NOT_NEUVECTOR'],
  [{ kind: 'reset', afterBytes: 600, on }, 'HTTP_CUT'],
];

test.each(faults)('with %j on the way one family is missing', async (fault, code) => {
  const controller = await aController();
  const signedIn = withKey(controller);
  const whole = await scraped(signedIn);
  await controller.rest.switchOn(fault);
  const { written, failures } = await scraped(signedIn);
  expect(failures).toEqual({ nv_container_vulnerability: code });
  const withoutIt = readExposition(whole.written).samples.filter(
    ({ name }) => !name.startsWith('nv_container'),
  );
  expect(readExposition(written).samples.map(({ line }) => line)).toEqual(withoutIt.map(({ line }) => line));
});

test('who may read nothing reads nothing, and is told so', async () => {
  const controller = await aController();
  const signedIn = withKey(controller);
  const stranger = { ...signedIn, pass: { ...signedIn.pass, secret: 'another' } };
  const failure = await scraped(stranger).catch((error) => error);
  expect(failure.refusal).toMatchObject({ status: 401, code: 3 });
});
