import { at, isObject, type Json, type JsonObject } from './json.ts';

/**
 * Resource versions as relations: those of objects are numbered in their order. One of a list or a bookmark says only
 * which object's it is not older than, because others write to a cluster too.
 */
export function versionsIn(transcript: Json): {
  name(version: string, holder: JsonObject): string;
  inWords(text: string): string;
} {
  const seen = new Set<number>();
  collect(transcript, seen);
  const order = [...seen].sort((a, b) => a - b);

  const floor = (version: number): number => order.findLastIndex((other) => other <= version) + 1;
  const ofObject = (version: number) => (seen.has(version) ? `{version ${floor(version)}}` : undefined);
  const notBefore = (version: number) => `{version ${floor(version)} or later}`;
  /** What a request made up (1, 0, a million too much) says more as it is. */
  const isMadeUp = (version: number) => version < 10 || version > (order.at(-1) ?? 0) + 1_000_000;

  const other = (version: string) => (isMadeUp(Number(version)) ? version : notBefore(Number(version)));

  return {
    name: (version, holder) => {
      if (!/^\d+$/.test(version)) return version;
      return (isObjects(holder) ? ofObject(Number(version)) : undefined) ?? other(version);
    },
    inWords: (text) =>
      text.replace(spoken, (digits, at: number) =>
        // What a client asks from may be a list's, which is an object's by chance.
        text[at - 1] === '=' ? other(digits) : (ofObject(Number(digits)) ?? other(digits)),
      ),
  };
}

/** As messages and paths say it: `too old resource version: 1 (345)`, `resourceVersion=345`, within quoted JSON. */
const spoken = /(?<=resource ?version[^\d&]{0,40})\d+|(?<=resource version: \d+ \()\d+|(?<=current: )\d+/gi;

/** `metadata` of an object, not of a list. */
const isObjects = (metadata: JsonObject): boolean => typeof metadata.name === 'string';

function collect(value: Json, seen: Set<number>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, seen);
  else if (isObject(value)) {
    const version = at(value, 'metadata.resourceVersion');
    const metadata = value.metadata;
    if (typeof version === 'string' && /^\d+$/.test(version) && isObject(metadata) && isObjects(metadata)) {
      seen.add(Number(version));
    }
    for (const inner of Object.values(value)) collect(inner, seen);
  }
}
