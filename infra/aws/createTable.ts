import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '#time';
import table from './table.json' with { type: 'json' };

/** The deployed table's keys and index. Recovery, deletion protection and TTL are what local stores lack. */
const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = table.Properties;

/** Creates the table in a local store, unless it is there, and waits until it can be used. */
export async function createTable(endpoint: string, tableName: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await client
      .send(
        new CreateTableCommand({
          TableName: tableName,
          AttributeDefinitions,
          KeySchema,
          GlobalSecondaryIndexes,
          BillingMode,
        } as CreateTableCommandInput),
      )
      .catch((error) => {
        if (!(error instanceof ResourceInUseException)) throw error;
      });
    while (!(await isActive(client, tableName))) await systemClock.sleep(10);
  } finally {
    client.destroy();
  }
}

async function isActive(client: DynamoDBClient, tableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  return (
    Table?.TableStatus === 'ACTIVE' &&
    (Table.GlobalSecondaryIndexes ?? []).every((index) => index.IndexStatus === 'ACTIVE')
  );
}
