import { expect, test } from 'vitest';
import { startDrover } from './drover.ts';

test.each([
  ['in this process', []],
  ['in threads', ['--threads']],
])('npm start answers /health with its handlers %s, and ends with Ctrl-C', async (_, args) => {
  const drover = await startDrover({ args });
  const answer = await fetch(`${drover.address}/health`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'ok' });
  expect(drover.said()).toContain(drover.address);
  const before = drover.said();
  expect(await drover.interrupt()).toBeLessThan(3_000);
  expect(drover.said()).toBe(before);
  await expect(fetch(drover.address)).rejects.toThrow();
});
