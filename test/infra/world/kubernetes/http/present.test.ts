import { validateHeaderValue } from 'node:http';
import { expect, it } from 'vitest';
import { aSimulatedCluster } from '../aSimulatedCluster.ts';

it('warns in UTF-8 of what has other letters, in a header that can be sent', async () => {
  const { send } = aSimulatedCluster();
  const body = { metadata: { name: 'a' }, 数据: 1 };
  const { status, headers } = await send('POST', '/api/v1/namespaces/default/configmaps', body);
  expect(status).toBe(201);
  validateHeaderValue('warning', headers.warning!);
  expect(Buffer.from(headers.warning!, 'latin1').toString()).toContain('数据');
});
