import PQueue from 'p-queue';
import type { Table } from '#store';
import { newId, second } from '#time';
import type { Area, Row } from './area.ts';
import type { Parts } from './engineParts.ts';
import { readRow } from './engineParts.ts';
import { history, Listing } from './list.ts';
import type { HandOver, Ports } from './ports.ts';
import { recordsOfSlice } from './readSlice.ts';
import type { Changed, Created, Records } from './records.ts';
import { isUnreadable, viewOf } from './row.ts';
import { type TickReport, tick } from './tick.ts';
import { wakeById } from './wake.ts';
import { stepsAtOnce, type WorkReport, work } from './work.ts';
import { change, create, readVisible, remove } from './write.ts';

/** One area's engine in one process. Built once; holds caches that may be lost, and no state. */
export interface Engine<D> {
  readonly area: Area<D>;
  readonly records: Records<D>;
  tick(): Promise<TickReport>;
  work(handOver: HandOver): Promise<WorkReport>;
  /** Rule 16: lets a step look at a record at rest, because something else saw it differ. */
  wake(id: string): Promise<boolean>;
  /** Nothing new is claimed; running steps finish or let go. Resolves when they have. */
  drain(): Promise<void>;
}

export function createEngine<D>(area: Area<D>, ports: Ports & { table: Table }): Engine<D> {
  const parts: Parts<D> = { ...ports, area };
  const draining = new AbortController();
  const queue = new PQueue({ concurrency: stepsAtOnce });
  const underWay = new Set<Promise<unknown>>();
  const follow = <T>(call: Promise<T>): Promise<T> => {
    underWay.add(call);
    const forget = () => underWay.delete(call);
    call.then(forget, forget);
    return call;
  };
  return {
    area,
    records: recordsOf(parts),
    tick: () => follow(tick(parts, draining.signal)),
    work: (handOver) => follow(work(parts, queue, handOver, draining.signal)),
    wake: (id) => wakeById(parts, id),
    async drain() {
      draining.abort('draining');
      await Promise.allSettled([...underWay]);
    },
  };
}

function recordsOf<D>(parts: Parts<D>): Records<D> {
  const listing = new Listing(parts);
  const { area, clock, random } = parts;
  const get = async (idOrName: string, kind: string): Promise<Row<D> | undefined> => {
    const row = await readVisible(parts, idOrName, kind);
    return row && viewOf(row);
  };
  return {
    newId: (kind) => newId(area.kinds[kind]!.prefix, clock.now(), random),
    get,
    async create(draft, by): Promise<Created<D>> {
      const created = await create(
        parts,
        { ...draft, id: draft.id ?? newId(area.kinds[draft.kind]!.prefix, clock.now(), random) },
        by,
      );
      if (created.outcome === 'created') await listing.note(created.row);
      return created;
    },
    async change(idOrName, kind, edit, by): Promise<Changed<D>> {
      const changed = await change(parts, idOrName, kind, (row) => edit(viewOf(row)), by);
      if (changed.outcome === 'changed') await listing.note(changed.row);
      return changed;
    },
    async remove(idOrName, kind, by, end): Promise<Changed<D>> {
      const removed = await remove(parts, idOrName, kind, by, end);
      if (removed.outcome === 'changed') await listing.note(removed.row);
      return removed;
    },
    async waitNewer(idOrName, kind, version, waitSeconds) {
      const until = clock.now() + waitSeconds * second;
      let row = await get(idOrName, kind);
      while (row && row.version <= version && clock.now() < until) {
        await clock.sleep(Math.min(second / 2, until - clock.now()));
        row = await get(idOrName, kind);
      }
      return row;
    },
    list: (query) => listing.list(query),
    inSlice: (kind, slice) => recordsOfSlice(parts, kind, slice),
    entries: (kind, within) => listing.entries(kind, within),
    counts: (kind, fields, where) => listing.counts(kind, fields, where),
    async history(id, query) {
      const row = await readRow(parts, id);
      return history(parts, id, row && !isUnreadable(row) ? row.outbox : [], query);
    },
  };
}
