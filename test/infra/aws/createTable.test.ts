import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { dynamoTable } from '#store';
import { createTable } from '../../../infra/aws/createTable.ts';
import table from '../../../infra/aws/table.json' with { type: 'json' };
import { startDynalite } from '../../shared/store/dynalite.ts';

test('the deployed table outlives its stack, can be recovered, expires items and is billed by use', () => {
  expect(table).toMatchObject({
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  });
});

test('a local table has the keys and the index of the deployed one, and is made once', async () => {
  const emulator = await startDynalite();
  const config = { endpoint: emulator.endpoint, tableName: 'drover' };
  await Promise.all([createTable(config.endpoint, 'drover'), createTable(config.endpoint, 'drover')]);
  const store = dynamoTable(config);
  await store.put({ pk: 'a', sk: 'b', n: 1 });
  await createTable(config.endpoint, 'drover');
  expect((await store.get({ pk: 'a', sk: 'b' }))?.n).toBe(1);

  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: config.endpoint, region: 'local', credentials });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'drover' }));
  const { KeySchema, GlobalSecondaryIndexes, AttributeDefinitions } = table.Properties;
  expect(Table?.KeySchema).toEqual(KeySchema);
  expect(Table?.AttributeDefinitions?.length).toBe(AttributeDefinitions.length);
  expect(Table?.GlobalSecondaryIndexes).toMatchObject(GlobalSecondaryIndexes);
  client.destroy();
  store.close();
  await emulator.close();
});
