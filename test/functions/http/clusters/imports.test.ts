import { beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { namesFor } from '../../../../functions/http/clusters/importEntries.ts';
import { aBody, aHerd, type Herd, token } from './aHerd.ts';

let herd: Herd;
beforeEach(async () => {
  herd = await aHerd();
});

interface Result {
  context: string | null;
  name: string | null;
  cluster: { id: string; server: string; labels: object } | null;
  problem: { code: string; validation?: object } | null;
}

const send = async (
  body: unknown,
  more = '',
): Promise<{ status: number; body: { results: Result[] } & Record<string, unknown> }> =>
  herd.at.call(herd.operator, 'POST', `/api/v1/clusters/import${more}`, body);
const outcomes = (results: Result[]) =>
  results.map(({ name, problem }) => [name, problem?.code ?? 'imported']);

const kubeconfig = stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: ['one', 'two', 'three'].map((name) => ({
    name,
    cluster: { server: `https://${name}.example:6443` },
  })),
  users: [
    { name: 'good', user: { token } },
    { name: 'runs', user: { exec: { command: 'aws', apiVersion: 'client.authentication.k8s.io/v1' } } },
  ],
  contexts: [
    { name: 'Prod / EU', context: { cluster: 'one', user: 'good' } },
    { name: 'prod-eu', context: { cluster: 'two', user: 'good' } },
    { name: 'lab', context: { cluster: 'three', user: 'runs' } },
  ],
});

describe('an import', () => {
  test('of a kubeconfig makes a cluster of every context, and one that is wrong does not harm the others', async () => {
    const { status, body } = await send({ kubeconfig, labels: { from: 'file' }, checkEverySeconds: 900 });
    expect([status, body.imported, body.failed]).toEqual([200, 2, 1]);
    expect(outcomes(body.results)).toEqual([
      ['prod-eu', 'imported'],
      ['prod-eu-2', 'imported'],
      ['lab', 'KUBECONFIG_EXEC'],
    ]);
    expect(body.results[0]).toMatchObject({
      context: 'Prod / EU',
      cluster: {
        server: 'https://one.example:6443',
        labels: { from: 'file' },
        checkEverySeconds: 900,
        credential: { type: 'kubeconfig' },
      },
    });
    const sent = JSON.stringify(herd.worker.asked[0]);
    expect(sent).not.toContain('two.example');
    expect(JSON.stringify(body)).not.toContain(token);
  });

  test('takes the contexts that are named, by the names that are given', async () => {
    const { body } = await send({
      kubeconfig,
      contexts: [{ context: 'prod-eu', name: 'store-1', labels: { env: 'prod' } }],
      labels: { env: 'test' },
    });
    expect(outcomes(body.results)).toEqual([['store-1', 'imported']]);
    expect(body.results[0]?.cluster?.labels).toEqual({ env: 'prod' });
    const none = await herd.at.call(herd.operator, 'POST', '/api/v1/clusters/import', {
      kubeconfig,
      contexts: [{ context: 'absent' }],
    });
    expect([none.status, none.body.code]).toEqual([422, 'IMPORT_EMPTY']);
  });

  test('of a list judges each by itself', async () => {
    await herd.create('taken');
    herd.worker.faults.set('https://down.example:6443', { step: 'tcp', code: 'TCP_REFUSED' });
    const clusters = [aBody('fine'), aBody('taken'), aBody('down'), { name: 'odd', colour: 'red' }, 7];
    const { body } = await send({ clusters, labels: { a: 'b' } });
    expect(outcomes(body.results)).toEqual([
      ['fine', 'imported'],
      ['taken', 'NAME_TAKEN'],
      ['down', 'VALIDATION_FAILED'],
      ['odd', 'REQUEST_INVALID'],
      [null, 'REQUEST_INVALID'],
    ]);
    expect(body.results[2]?.problem?.validation).toMatchObject({ failedStep: 'tcp' });
    const stored = await send({ clusters: [aBody('down')] }, '?unchecked=true');
    expect(outcomes(stored.body.results)).toEqual([['down', 'imported']]);
  });

  test('of two of one name makes one of them', async () => {
    const { body } = await send({ clusters: [aBody('same'), aBody('same')] });
    expect(
      outcomes(body.results)
        .map(([, code]) => code)
        .toSorted(),
    ).toEqual(['NAME_TAKEN', 'imported']);
  });

  test('says which there was no time for', async () => {
    herd.worker.meanwhile = async () => herd.at.pass(15_000);
    const { body } = await send({ clusters: Array.from({ length: 20 }, (_, n) => aBody(`c${n}`)) });
    const codes = body.results.map(({ problem }) => problem?.code ?? 'imported');
    expect(codes).toContain('imported');
    expect(codes.at(-1)).toBe('CHECK_NOT_DONE');
  });

  test.each([{}, { kubeconfig, clusters: [] }, { clusters: [aBody('a')], contexts: [{ context: 'a' }] }])(
    'of %j is refused as a whole',
    async (body) => {
      expect((await send(body)).status).toBe(400);
    },
  );

  test('stays within the caller’s labels', async () => {
    const bound = await herd.at.token('operator', { selector: 'env=prod' });
    const { body } = await herd.at.call(bound, 'POST', '/api/v1/clusters/import', {
      clusters: [aBody('outside'), { ...aBody('inside'), labels: { env: 'prod' } }],
    });
    expect(outcomes(body.results)).toEqual([
      ['outside', 'OUT_OF_REACH'],
      ['inside', 'imported'],
    ]);
  });
});

test('names are labels, each once, however contexts are called', () => {
  const contexts = [
    'arn:aws:eks:eu-central-1:1:cluster/prod',
    '',
    '日本',
    'x'.repeat(80),
    'X'.repeat(80),
    '--a--',
  ];
  const names = namesFor(contexts);
  expect(names).toEqual([
    'arn-aws-eks-eu-central-1-1-cluster-prod',
    'cluster',
    'cluster-2',
    'x'.repeat(63),
    `${'x'.repeat(61)}-2`,
    'a',
  ]);
});
