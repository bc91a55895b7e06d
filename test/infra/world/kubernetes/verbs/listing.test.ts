import { describe, expect, it } from 'vitest';
import { aConfigMap, aSimulatedCluster } from '../aSimulatedCluster.ts';

const path = '/api/v1/namespaces/default/configmaps';
const own = 'labelSelector=own';

async function withMaps(count: number) {
  const world = aSimulatedCluster();
  await world.cluster.settled();
  for (let i = 0; i < count; i++)
    await world.send('POST', path, aConfigMap(`m${i}`, { labels: { own: 'yes' } }));
  return world;
}

const names = (list: { items: { metadata: { name: string } }[] }) =>
  list.items.map(({ metadata }) => metadata.name);

describe('lists of a simulated cluster', () => {
  it('pages through a list that changes meanwhile as it was at the first page', async () => {
    const { send } = await withMaps(5);
    const first = await send('GET', `${path}?limit=3&${own}`);
    expect(names(first.json)).toEqual(['m0', 'm1', 'm2']);
    await send('DELETE', `${path}/m3`);
    await send('POST', path, aConfigMap('m9', { labels: { own: 'yes' } }));
    const second = await send('GET', `${path}?limit=3&${own}&continue=${first.json.metadata.continue}`);
    expect(names(second.json)).toEqual(['m3', 'm4']);
    expect(second.json.metadata).toEqual({ resourceVersion: first.json.metadata.resourceVersion });
    expect(names((await send('GET', `${path}?${own}`)).json)).toEqual(['m0', 'm1', 'm2', 'm4', 'm9']);
  });

  it('counts what remains, but not where a selector stands', async () => {
    const { send } = await withMaps(5);
    // Besides the five there is the root CA of every namespace.
    expect((await send('GET', `${path}?limit=2`)).json.metadata.remainingItemCount).toBe(4);
    expect((await send('GET', `${path}?limit=2&${own}`)).json.metadata.remainingItemCount).toBeUndefined();
  });

  it('answers 410 to a page of a list that is compacted, with a token for the rest as it is now', async () => {
    const { send, cluster } = await withMaps(4);
    const first = await send('GET', `${path}?limit=2&${own}`);
    await send('DELETE', `${path}/m2`);
    cluster.compact();
    const late = await send('GET', `${path}?limit=2&${own}&continue=${first.json.metadata.continue}`);
    expect(late.status).toBe(410);
    expect(late.json).toMatchObject({ reason: 'Expired', metadata: { continue: expect.any(String) } });
    const rest = await send('GET', `${path}?limit=2&${own}&continue=${late.json.metadata.continue}`);
    expect(names(rest.json)).toEqual(['m3']);
  });

  it('forgets by the clock what was replaced more than five minutes ago', async () => {
    const { send, cluster, clock } = await withMaps(4);
    const end = new AbortController();
    const compacting = cluster.keepCompacting(end.signal);
    const first = await send('GET', `${path}?limit=2&${own}`);
    await send('DELETE', `${path}/m2`);
    const next = () => send('GET', `${path}?limit=2&${own}&continue=${first.json.metadata.continue}`);
    await clock.step(300_000);
    expect((await next()).status).toBe(200);
    await clock.step(300_000);
    expect((await next()).status).toBe(410);
    end.abort();
    await compacting;
  });

  it('knows no revision that is still to come, in a token either', async () => {
    const { send } = await withMaps(1);
    const token = Buffer.from('{"v":"meta.k8s.io/v1","rv":99999,"start":"a"}').toString('base64url');
    expect((await send('GET', `${path}?continue=${token}`)).status).toBe(504);
  });

  it('shows a stale reader the oldest state that is known, and nothing as deleted that is not', async () => {
    const { send, cluster } = await withMaps(2);
    const staleAt = cluster.objects.revision;
    const patch = { 'content-type': 'application/merge-patch+json' };
    await send('PATCH', `${path}/m0`, { data: { key: 'newer' } }, patch);
    cluster.compact();
    const stale = async (at: string) => {
      const { body } = await cluster.answer({
        method: 'GET',
        path: at,
        query: new URLSearchParams(),
        headers: { authorization: 'Bearer admin' },
        body: Buffer.from(''),
        signal: new AbortController().signal,
        staleAt,
      });
      let text = '';
      for await (const piece of typeof body === 'string' ? [body] : body) text += piece;
      return JSON.parse(text);
    };
    expect(names(await stale(path))).toContain('m0');
    expect((await stale(`${path}/m0`)).kind).toBe('ConfigMap');
  });

  it('refuses a token that it did not make', async () => {
    const { send } = await withMaps(1);
    const forged = [
      '{"rv":1}',
      '{"rv":0,"start":"a"}',
      '{"rv":1.5,"start":"a"}',
      '{"rv":1e300,"start":"a"}',
    ].map((text) => Buffer.from(text.replace('{', '{"v":"meta.k8s.io/v1",')).toString('base64url'));
    for (const token of ['abc', ...forged])
      expect((await send('GET', `${path}?continue=${token}`)).json).toMatchObject({
        code: 400,
        reason: 'BadRequest',
      });
  });
});
