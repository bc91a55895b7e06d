import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { dynamoTable } from '#store';
import { type Clock, hour, second, systemClock } from '#time';

export interface Swept {
  endpoint: string;
  tableName: string;
  clock?: Clock;
}

/** Reads treat expired items as gone; on AWS the table removes them. The local store does not: this does, hourly. */
export async function keepSwept(swept: Swept, until: AbortSignal): Promise<void> {
  const { clock = systemClock } = swept;
  while (!until.aborted) {
    await sweepExpired(swept, until);
    await clock.sleep(hour, until);
  }
}

/**
 * Looks at the whole table once, a page of 1 MB at a time with a rest between, and answers how many items it
 * removed. An item whose expiry was put off meanwhile stays. The port has no scan, and shall not have one.
 */
export async function sweepExpired(
  { endpoint, tableName, clock = systemClock }: Swept,
  until?: AbortSignal,
): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  const table = dynamoTable({ endpoint, tableName });
  let removed = 0;
  try {
    for (let from: ScanPlace; !until?.aborted; ) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: tableName,
          ProjectionExpression: 'pk, sk, expiresAt',
          FilterExpression: 'expiresAt <= :now',
          ExpressionAttributeValues: { ':now': { N: String(clock.now() / second) } },
          ExclusiveStartKey: from,
        }),
      );
      for (const { pk, sk, expiresAt } of Items) {
        const seen = { expiresAt: Number(expiresAt?.N) };
        if ((await table.delete({ pk: pk!.S!, sk: sk!.S! }, seen)) === 'written') removed += 1;
      }
      if (!LastEvaluatedKey) break;
      from = LastEvaluatedKey;
      await clock.sleep(second / 20, until);
    }
    return removed;
  } finally {
    client.destroy();
    table.close();
  }
}

type ScanPlace = ScanCommand['input']['ExclusiveStartKey'];
