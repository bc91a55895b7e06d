import type { Cases } from '../play/play.ts';
import { aMap, maps } from './paths.ts';

export const versions: Cases = {
  'every write gives a higher version, a change of nothing gives none': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a`, made.object);
    await api.merge(`${maps(ns)}/a`, { data: { one: '1' } });
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.get(`${maps(ns)}/a`);
  },
  'reading at version 0 or a version that has passed gives the newest': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.until(`${maps(ns)}/a?resourceVersion=0`, (answer) => answer.at('data.one') === '2');
    await api.get(`${maps(ns)}/a?resourceVersion=${made.version}`);
    await api.until(`${maps(ns)}?resourceVersion=0`, (answer) => answer.at('items.0.data.one') === '2');
    await api.get(`${maps(ns)}?resourceVersion=${made.version}`);
  },
  'a list can be exact, as of a version that has passed': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.get(`${maps(ns)}?resourceVersion=${made.version}&resourceVersionMatch=Exact`);
    await api.get(`${maps(ns)}?resourceVersion=${made.version}&resourceVersionMatch=NotOlderThan`);
    await api.get(`${maps(ns)}?resourceVersion=0&resourceVersionMatch=NotOlderThan`);
    await api.get(`${maps(ns)}?resourceVersion=${made.version}&resourceVersionMatch=Exact&limit=1`);
  },
  'resourceVersionMatch wants a version, and one of two words': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}?resourceVersionMatch=Exact`);
    await api.get(`${maps(ns)}?resourceVersionMatch=NotOlderThan`);
    await api.get(`${maps(ns)}?resourceVersion=0&resourceVersionMatch=Exact`);
    await api.get(`${maps(ns)}?resourceVersion=1000&resourceVersionMatch=Roughly`);
    await api.get(`${maps(ns)}/a?resourceVersion=0&resourceVersionMatch=Exact`);
  },
  'a version to read at that is no number is refused': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}/a?resourceVersion=old`);
    await api.get(`${maps(ns)}?resourceVersion=old`);
    await api.get(`${maps(ns)}?resourceVersion=-1`);
    await api.get(`${maps(ns)}?watch=true&resourceVersion=old`);
  },
  'a version of the future is waited for, then refused': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}?resourceVersion=999999999`);
    await api.get(`${maps(ns)}/a?resourceVersion=999999999`);
  },
  'an exact list of a state long gone is 410': async (api) => {
    const ns = await api.namespace();
    await api.until(
      `${maps(ns)}?resourceVersion=1&resourceVersionMatch=Exact`,
      ({ status }) => status === 410,
    );
  },
};
