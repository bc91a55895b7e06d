import { expect, onTestFinished, test } from 'vitest';
import { dynamoTable } from '#store';
import { createTable } from '../../../infra/aws/createTable.ts';
import { startStore } from '../../../infra/local/store.ts';

test('the store answers those who were told its path, and nobody else', async () => {
  const store = await startStore(undefined);
  onTestFinished(() => store.close());
  await createTable(store.endpoint, 'mine');
  const table = dynamoTable({ tableName: 'mine', endpoint: store.endpoint });
  onTestFinished(() => table.close());
  await table.put({ pk: 'a', sk: 'b' });
  expect(await table.get({ pk: 'a', sk: 'b' })).toBeDefined();

  const aPage = {
    method: 'POST',
    body: '{}',
    headers: {
      origin: 'https://evil.example',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'x-amz-date': 'x',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/1/local/dynamodb/aws4_request, SignedHeaders=a, Signature=b',
    },
  };
  const { origin } = new URL(store.endpoint);
  for (const path of ['/', '//', '/?', `/${'0'.repeat(32)}`]) {
    const answer = await fetch(`${origin}${path}`, aPage);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await (await fetch(store.endpoint, aPage)).json()).toEqual({ TableNames: ['mine'] });
});
