import { describe, expect, it } from 'vitest';
import { settle } from '../../../../fixtures/steppedClock.ts';
import { aConfigMap, aSimulatedCluster } from '../aSimulatedCluster.ts';

const path = '/api/v1/namespaces/default/configmaps';

/** Starts a watch of the maps labelled `own`; `events` ends it and answers what came. */
function watching({ send }: ReturnType<typeof aSimulatedCluster>, more = '') {
  const end = new AbortController();
  const answer = send('GET', `${path}?watch=1&labelSelector=own${more}`, undefined, {}, end.signal);
  return async () => {
    await settle();
    end.abort();
    return (await answer).text
      .split('\n')
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as { type: string; object: { metadata: Record<string, unknown>; code?: number } },
      );
  };
}

const told = (events: { type: string; object: { metadata: Record<string, unknown> } }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());

describe('watches of a simulated cluster', () => {
  it('gives up a reader who does not read for as long as history is kept', async () => {
    const { cluster, send } = aSimulatedCluster();
    const { body } = await cluster.answer({
      method: 'GET',
      path,
      query: new URLSearchParams({ watch: '1' }),
      headers: { authorization: 'Bearer admin' },
      body: Buffer.from(''),
      signal: new AbortController().signal,
    });
    const reader = (body as AsyncIterable<string>)[Symbol.asyncIterator]();
    await reader.next();
    await send('POST', path, aConfigMap('first'));
    cluster.compact();
    await send('POST', path, aConfigMap('second'));
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('tells what is there, then what happens, in order', async () => {
    const world = aSimulatedCluster();
    await world.send('POST', path, aConfigMap('a', { labels: { own: '' } }));
    const events = watching(world);
    await settle();
    await world.send('POST', path, aConfigMap('b', { labels: { own: '' } }));
    await world.send('POST', path, aConfigMap('other'));
    await world.send('DELETE', `${path}/a`);
    expect(told(await events())).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
  });

  it('tells an object that leaves the selection as deleted, and one that enters as added', async () => {
    const world = aSimulatedCluster();
    await world.send('POST', path, aConfigMap('a', { labels: { own: '' } }));
    const events = watching(world);
    await settle();
    const label = (own: string | null) =>
      world.send(
        'PATCH',
        `${path}/a`,
        { metadata: { labels: { own } } },
        { 'content-type': 'application/merge-patch+json' },
      );
    const left = await label(null);
    await label('again');
    const seen = await events();
    expect(told(seen)).toEqual(['ADDED a', 'DELETED a', 'ADDED a']);
    expect(seen[1]!.object.metadata).toMatchObject({
      labels: { own: '' },
      resourceVersion: left.json.metadata.resourceVersion,
    });
  });

  it('resumes after a revision without a gap', async () => {
    const world = aSimulatedCluster();
    const { json } = await world.send('POST', path, aConfigMap('a', { labels: { own: '' } }));
    await world.send('POST', path, aConfigMap('b', { labels: { own: '' } }));
    await world.send('DELETE', `${path}/a`);
    const events = watching(world, `&resourceVersion=${json.metadata.resourceVersion}`);
    expect(told(await events())).toEqual(['ADDED b', 'DELETED a']);
  });

  it('says 410 as an event when what was missed is compacted', async () => {
    const world = aSimulatedCluster();
    const { json } = await world.send('POST', path, aConfigMap('a', { labels: { own: '' } }));
    await world.send('DELETE', `${path}/a`);
    await world.send('POST', path, aConfigMap('b'));
    world.cluster.compact();
    const events = await watching(world, `&resourceVersion=${json.metadata.resourceVersion}`)();
    expect(events).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
  });

  it('marks the end of what was there, and each minute how far it is', async () => {
    const world = aSimulatedCluster();
    await world.send('POST', path, aConfigMap('a', { labels: { own: '' } }));
    const events = watching(
      world,
      '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    );
    await settle();
    await world.clock.step(60_000);
    const seen = await events();
    expect(told(seen)).toEqual(['ADDED a', 'BOOKMARK', 'BOOKMARK']);
    expect(seen[1]!.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(seen[2]!.object.metadata.annotations).toBeUndefined();
  });

  it('ends by itself when its time is over, and when the server drops it', async () => {
    const world = aSimulatedCluster();
    const timed = world.send('GET', `${path}?watch=1&timeoutSeconds=5`);
    await settle();
    await world.clock.step(5_000);
    await timed;
    const dropped = world.send('GET', `${path}?watch=1`);
    await settle();
    world.cluster.dropWatches();
    await dropped;
  });
});
