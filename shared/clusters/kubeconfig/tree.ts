import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Text } from '#errors';
import { clusterError } from '../errors.ts';
import { scanTokens } from './scanTokens.ts';
import { atLine, reasons, unreadable } from './unreadable.ts';

/** What stands in a kubeconfig, as plain data: no prototypes, no references, no meaning yet. */
export type Tree = string | number | boolean | null | readonly Tree[] | Mapping;
export type Mapping = ReadonlyMap<string, Tree>;

const mostBytes = 256 * 1024;
const deepest = 24;

/**
 * Reads YAML, and so JSON, of which every reader makes the same: one document, no references, no tags, no key twice,
 * no character that is a line end to some and not to others. Never repeats what the text holds.
 */
export function readTree(text: string): Tree {
  if (Buffer.byteLength(text) > mostBytes) throw unreadable(reasons.whole, reasons.tooLarge);
  refuseCharacters(text);
  scanTokens(text);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Pretty errors repeat the line; the library's own search for repeated keys takes seconds for a large mapping.
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    // Not silent: a second document would go by without an error.
    logLevel: 'error',
  });
  const lineOf = (offset: number): Text => atLine(lines.linePos(offset).line);
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    throw unreadable(
      lineOf(fault.pos[0]),
      fault.code === 'MULTIPLE_DOCS' ? reasons.documents : reasons.notYaml,
    );
  }
  if (document.contents === null) throw unreadable(reasons.whole, reasons.empty);
  return plain(document.contents, '', 0, lineOf);
}

/** Control characters, and what YAML 1.1 takes for a line end and YAML 1.2 does not. */
function refuseCharacters(text: string): void {
  if (!text.isWellFormed()) throw unreadable(reasons.whole, reasons.characters);
  const at = text.search(/[^\P{Cc}\t\n\r]|\r(?!\n)|[\u0085\u2028\u2029]|(?<!^)\ufeff/u);
  if (at >= 0) throw unreadable(atLine(text.slice(0, at).split('\n').length), reasons.characters);
}

function plain(node: Node | null, path: string, depth: number, lineOf: (offset: number) => Text): Tree {
  const here = (): Text => lineOf(node?.range?.[0] ?? 0);
  if (depth > deepest) throw unreadable(here(), reasons.tooDeep);
  if (node === null) return null;
  if (isSeq(node))
    return node.items.map((item, i) => plain(item as Node | null, `${path}[${i}]`, depth + 1, lineOf));
  if (isMap(node)) {
    const found = new Map<string, Tree>();
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      if (!isScalar(key) || typeof key.value !== 'string') throw unreadable(here(), reasons.key);
      const at = join(path, key.value);
      if (key.value === '<<') throw clusterError('KUBECONFIG_ALIAS', { at: lineOf(key.range?.[0] ?? 0) });
      if (found.has(key.value)) throw clusterError('KUBECONFIG_DUPLICATE', { at });
      found.set(key.value, plain(value, at, depth + 1, lineOf));
    }
    return found;
  }
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  throw unreadable(here(), reasons.notYaml);
}

/**
 * The path of a field. A key that looks like no field's name is not repeated: after a slip of the indentation it may
 * be a secret.
 */
export function join(path: string, key: string): string {
  const name = /^[A-Za-z_][A-Za-z_-]{0,39}$/.test(key) ? key : '…';
  return path === '' ? name : `${path}.${name}`;
}
