import { type Fields, fieldsOf, numberOf, textOf } from '../fields.ts';
import type { Family, Reading } from './family.ts';

/** Of the parts of NeuVector itself, each asked by its own. */
const usageOf = (kind: 'enforcer' | 'controller'): Family => ({
  name: `nv_${kind}`,
  officialHelp: `${kind}s of`,
  officialType: 'gauge',
  help: {
    [`nv_${kind}_cpu`]: `Share of the node's processors that the ${kind} uses.`,
    [`nv_${kind}_memory`]: `Bytes of memory that the ${kind} uses.`,
  },
  async read(reading) {
    const path = `/v1/${kind}`;
    const all: Fields[] = [];
    await reading.ask.each(path, `${kind}s`, (told) => {
      if (told && textOf(told.id) !== '')
        all.push({ id: told.id, host_name: told.host_name, display_name: told.display_name });
      else reading.samples.loseOf(path);
    });
    await Promise.all(
      all.map((told) => reading.samples.part((samples) => stats({ ...reading, samples }, kind, told))),
    );
  },
});

async function stats({ ask, samples, target }: Reading, kind: string, told: Fields): Promise<void> {
  const id = textOf(told.id);
  const path = `/v1/${kind}/${encodeURIComponent(id)}/stats`;
  const now = fieldsOf((await ask.one(path, 'stats')).span_1);
  const labels = { display: textOf(told.display_name), host: textOf(told.host_name), id, target };
  samples.add(`nv_${kind}_cpu`, labels, numberOf(now?.cpu), path);
  samples.add(`nv_${kind}_memory`, labels, numberOf(now?.memory), path);
}

export const enforcer = usageOf('enforcer');
export const controller = usageOf('controller');
