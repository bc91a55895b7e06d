import { type Item, type Key, keys, type Table } from '#store';
import { type Clock, hour, type Instant, type Millis, second } from '#time';

/**
 * What one collection came to, for whoever asks meanwhile or shortly after, in whatever process.
 *
 *   side#mem_… / scrape#plain          who collects, and until when; where the last result lies
 *              / scrape#plain#0#000    parts of the results, in two places by turns: what is read is not written
 *
 * A part carries the name of its write: whoever finds parts of two takes it for nothing.
 */
export interface SharedPorts {
  table: Table;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

export interface Result {
  text: Uint8Array;
  /** When its collection began. */
  at: Instant;
}

/** Somebody who collects: finished with the result, which others then find. */
export interface Turn {
  finish(result: Result, failures: number): Promise<void>;
  /** Scrapes that could not sign in, so far. */
  readonly failures: number;
}

/** The longest collection, and signing in. */
const turnFor: Millis = 25 * second;
const betweenLooks: Millis = 200;
const partBytes = 300_000;
const keptFor: Millis = hour;

/** A result that began after `since`, or one's own turn to make one. */
export async function resultOrTurn(
  ports: SharedPorts,
  id: string,
  /** Of another slot, that is another controller or another credential, nothing is shared. */
  { what, slot }: { what: string; slot: string },
  since: Instant,
): Promise<Result | Turn> {
  const { table, clock, random } = ports;
  const key = keys.sideKey(id, `scrape#${what}`);
  const mine = Buffer.from(random(12)).toString('hex');
  /** Whose turn was waited for: what comes of it will do, whenever it began. */
  let awaited: string | undefined;
  for (;;) {
    const item = await table.get(key);
    const isAwaited = awaited !== undefined && item?.write === awaited;
    if (item?.slot === slot && (isAwaited || Number(item.at ?? 0) >= since)) {
      const result = await readResult(table, key, item);
      if (result) return result;
    }
    const until = Number(item?.turnUntil ?? 0);
    if (until > clock.now()) {
      awaited = String(item!.turn);
      await clock.sleep(Math.min(betweenLooks, until - clock.now()));
      continue;
    }
    const set = { turn: mine, turnUntil: clock.now() + turnFor };
    const when = item ? { turn: item.turn as string | undefined } : ('absent' as const);
    if ((await table.update(key, { set }, when)) === 'refused') continue;
    return turnOf(ports, key, item, { mine, slot });
  }
}

function turnOf(
  { table, clock }: SharedPorts,
  key: Key,
  before: Item | undefined,
  { mine, slot }: { mine: string; slot: string },
): Turn {
  return {
    failures: Number(before?.failures ?? 0),
    async finish({ text, at }, failures) {
      const place = before?.place === 0 ? 1 : 0;
      const count = Math.ceil(text.byteLength / partBytes);
      const expiresAt = Math.ceil((clock.now() + keptFor) / second);
      await Promise.all(
        partKeys(key, place, count).map((part, n) =>
          table.put({
            ...part,
            write: mine,
            data: text.subarray(n * partBytes, (n + 1) * partBytes),
            expiresAt,
          }),
        ),
      );
      // Whoever took over meanwhile has one of its own.
      await table.update(
        key,
        { set: { slot, write: mine, place, count, at, failures }, remove: ['turnUntil'] },
        { turn: mine },
      );
    },
  };
}

async function readResult(table: Table, key: Key, item: Item): Promise<Result | undefined> {
  const parts = await table.getMany(partKeys(key, Number(item.place), Number(item.count)));
  const isWhole = parts.length === item.count && parts.every(({ write }) => write === item.write);
  if (!isWhole) return undefined;
  parts.sort((a, b) => (a.sk < b.sk ? -1 : 1));
  return { text: Buffer.concat(parts.map(({ data }) => data as Uint8Array)), at: Number(item.at) };
}

const partKeys = ({ pk, sk }: Key, place: number, count: number): Key[] =>
  Array.from({ length: count }, (_, n) => ({ pk, sk: `${sk}#${place}#${String(n).padStart(3, '0')}` }));
