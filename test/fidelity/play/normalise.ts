import { at, isObject, type Json, type JsonObject } from './json.ts';
import type { Transcript } from './transcript.ts';
import { versionsIn } from './versions.ts';

/**
 * Replaces what differs from run to run by what it stands for: one value always by the same words, so that a wrong
 * reference still shows. Resource versions keep their order, see `versionsIn`. Nothing else is taken away, except the
 * order of fields, and that of managed fields, which hangs on the second in which each write fell.
 */
export function normalise(
  raw: Transcript,
  known: { run: string; server: string; administrator: string; prefixes: ReadonlySet<string> },
): Transcript {
  const transcript = sortedKeys(raw as unknown as Json);
  const versions = versionsIn(transcript);
  const named = new Map<string, string>();
  const generated = [...known.prefixes, 'kube-api-access-'].map(
    (prefix) => new RegExp(`(${prefix})([bcdfghjklmnpqrstvwxz2456789]{5})\\b`, 'g'),
  );

  const stable = (kind: string, value: string, path: string): string => {
    const name = named.get(value) ?? `{${kind} of ${path}}`;
    named.set(value, name);
    return name;
  };

  const words = (text: string, path: string): string => {
    let out = text
      .replace(quotedObject, inOrder)
      .replaceAll(known.server, '{server}')
      .replaceAll(new URL(known.server).host, '{host}');
    for (const name of generated) {
      out = out.replace(name, (_, prefix: string, suffix: string) => prefix + stable('suffix', suffix, path));
    }
    return out
      .replaceAll(known.run, '{run}')
      .replace(jwt, (token) => stable('token', token, path))
      .replace(uuid, (uid) => stable('uid', uid, path))
      .replace(instant, (_, fraction: string | undefined) => (fraction ? '{time with fraction}' : '{time}'))
      .replace(pem, '{PEM}')
      .replaceAll(known.administrator, '{administrator}')
      .replace(fingerprint, 'X509SHA256={fingerprint}')
      .replace(serviceAddress, '{service address}')
      .replace(/(?<=[?&]continue=)[^& ]{40,}/g, '{continue}');
  };

  const visit = (value: Json, path: string, key: string): Json => {
    if (Array.isArray(value)) {
      const items = key === 'managedFields' ? value.toSorted(byManager) : value;
      return items.map((item, index) => visit(item, `${path}.${index}`, ''));
    }
    if (isObject(value)) {
      const isTable = value.kind === 'Table' || Array.isArray(value.columnDefinitions);
      const here = isTable ? withoutAges(value) : value;
      return Object.fromEntries(
        Object.entries(here).map(([name, inner]) => [
          words(name, path),
          name === 'resourceVersion' && typeof inner === 'string'
            ? versions.name(inner, value)
            : visit(inner, path === '' ? name : `${path}.${name}`, name),
        ]),
      );
    }
    if (typeof value === 'number') return /nodePort$/i.test(key) && value >= 30_000 ? '{node port}' : value;
    if (typeof value !== 'string') return value;
    if (/^_?continue$/.test(key) && value !== '') return stable('continue', value, path);
    return versions.inWords(words(value, path));
  };

  return visit(transcript, '', '') as unknown as Transcript;
}

/** Messages quote objects, whose fields have no order anywhere else either. */
const quotedObject = /"\{(?:[^"\\]|\\.)*\}"/g;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const jwt = /\bey[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g;
const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const fingerprint = /X509SHA256=[0-9a-f]{64}/g;
const pem = /-----BEGIN [\s\S]+?-----END [^-]+-----\n?/g;
const serviceAddress = /\b10\.96\.\d+\.\d+\b/g;

const sortedKeys = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(sortedKeys)
    : isObject(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, inner]) => inner !== undefined)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sortedKeys(inner)]),
        )
      : value;

function inOrder(quoted: string): string {
  try {
    return JSON.stringify(JSON.stringify(sortedKeys(JSON.parse(JSON.parse(quoted) as string) as Json)));
  } catch {
    return quoted;
  }
}

const byManager = (a: Json, b: Json): number => (managerOf(a) < managerOf(b) ? -1 : 1);

const managerOf = (entry: Json): string =>
  ['manager', 'operation', 'subresource', 'apiVersion'].map((key) => String(at(entry, key))).join(' ');

/** How old something is, in a column that says so. */
function withoutAges(table: JsonObject): JsonObject {
  const columns = table.columnDefinitions;
  const rows = table.rows;
  if (!Array.isArray(rows)) return table;
  const ages = Array.isArray(columns)
    ? columns.flatMap((column, index) => (at(column, 'name') === 'Age' ? [index] : []))
    : [];
  return {
    ...table,
    rows: rows.map((row) => {
      const cells = at(row, 'cells');
      if (!isObject(row) || !Array.isArray(cells)) return row;
      return {
        ...row,
        cells: cells.map((cell, index) =>
          typeof cell === 'string' && (ages.includes(index) || !Array.isArray(columns))
            ? cell.replace(/^\d+[smh](\d+s)?$/, '{age}')
            : cell,
        ),
      };
    }),
  };
}
