import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLParseError,
} from 'yaml';

/** A document as it was written: what `JSON.parse` drops (repeated keys, `1.0` against `1`) is what decoding asks about. */
export type Source =
  | { is: 'object'; members: Member[] }
  | { is: 'array'; items: Source[] }
  | { is: 'string'; value: string }
  | { is: 'number'; text: string }
  | { is: 'bool'; value: boolean }
  | { is: 'null' };

export type Member = readonly [key: string, value: Source];

/** The text is no JSON or no YAML; the message is Go's. */
export class SyntaxProblem extends Error {}

export function plain(source: Source): unknown {
  switch (source.is) {
    case 'object':
      return Object.fromEntries(source.members.map(([key, value]) => [key, plain(value)]));
    case 'array':
      return source.items.map(plain);
    case 'string':
    case 'bool':
      return source.value;
    case 'number':
      return Number(source.text);
    case 'null':
      return null;
  }
}

export function sourceOf(value: unknown): Source {
  if (value === null || value === undefined) return { is: 'null' };
  if (Array.isArray(value)) return { is: 'array', items: value.map(sourceOf) };
  switch (typeof value) {
    case 'string':
      return { is: 'string', value };
    case 'boolean':
      return { is: 'bool', value };
    case 'number':
      return { is: 'number', text: String(value) };
    default:
      return { is: 'object', members: Object.entries(value).map(([key, of]) => [key, sourceOf(of)]) };
  }
}

const maxDepth = 10_000;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spacePattern = /[ \t\r\n]*/y;

export function parseJson(text: string): Source {
  let at = 0;

  const skipSpace = () => {
    spacePattern.lastIndex = at;
    spacePattern.test(text);
    at = spacePattern.lastIndex;
  };
  const fail = (where: string, position = at): never => {
    const char = text[position];
    if (char === undefined) throw new SyntaxProblem('unexpected end of JSON input');
    throw new SyntaxProblem(`invalid character ${quotedChar(char)} ${where}`);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };

  const string = (): string => {
    const start = at;
    for (let index = start + 1; ; index++) {
      const char = text[index];
      if (char === undefined || char < ' ') return fail('in string literal', index);
      if (char === '"') {
        at = index + 1;
        return JSON.parse(text.slice(start, at)) as string;
      }
      if (char !== '\\') continue;
      const escaped = text[++index];
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          if (!/[0-9a-fA-F]/.test(text[++index] ?? ''))
            return fail('in \\u hexadecimal character escape', index);
        }
      } else if (!'"\\/bfnrt'.includes(escaped ?? ' ')) return fail('in string escape code', index);
    }
  };
  const word = (expected: string): void => {
    for (let index = 1; index < expected.length; index++) {
      if (text[at + index] !== expected[index]) {
        fail(`in literal ${expected} (expecting '${expected[index]}')`, at + index);
      }
    }
    at += expected.length;
  };
  const number = (): Source => {
    const found = take(numberPattern);
    if (found === undefined) return fail('in numeric literal', at + 1);
    if (text[at] === '.') return fail('after decimal point in numeric literal', at + 1);
    if (text[at] === 'e' || text[at] === 'E') return fail('in exponent of numeric literal', at + 1);
    return { is: 'number', text: found };
  };
  const value = (depth: number): Source => {
    skipSpace();
    if (depth > maxDepth) return fail('exceeded max depth');
    const char = text[at];
    switch (char) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return { is: 'string', value: string() };
      case 't':
        word('true');
        return { is: 'bool', value: true };
      case 'f':
        word('false');
        return { is: 'bool', value: false };
      case 'n':
        word('null');
        return { is: 'null' };
      default:
        return char !== undefined && /[-0-9]/.test(char) ? number() : fail('looking for beginning of value');
    }
  };
  const object = (depth: number): Source => {
    const members: Member[] = [];
    at++;
    skipSpace();
    if (text[at] === '}') {
      at++;
      return { is: 'object', members };
    }
    for (;;) {
      skipSpace();
      if (text[at] !== '"') return fail('looking for beginning of object key string');
      const key = string();
      skipSpace();
      if (text[at] !== ':') return fail('after object key');
      at++;
      members.push([key, value(depth + 1)]);
      skipSpace();
      const char = text[at];
      if (char !== ',' && char !== '}') return fail('after object key:value pair');
      at++;
      if (char === '}') return { is: 'object', members };
    }
  };
  const array = (depth: number): Source => {
    const items: Source[] = [];
    at++;
    skipSpace();
    if (text[at] === ']') {
      at++;
      return { is: 'array', items };
    }
    for (;;) {
      items.push(value(depth + 1));
      skipSpace();
      const char = text[at];
      if (char !== ',' && char !== ']') return fail('after array element');
      at++;
      if (char === ']') return { is: 'array', items };
    }
  };

  const whole = value(0);
  skipSpace();
  return at < text.length ? fail('after top-level value') : whole;
}

function quotedChar(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}

/** Of the commonest mistakes in Go's words; the rest as the parser that reads it here says it. */
function yamlProblem(text: string, { code, message, linePos }: YAMLParseError): string {
  const line = linePos?.[0].line ?? 1;
  switch (code) {
    case 'TAB_AS_INDENT':
      return `yaml: line ${line}: found character that cannot start any token`;
    case 'BAD_INDENT':
      if (!message.startsWith('Flow')) break;
      // Go stands where the text ends.
      return `yaml: line ${text.trimEnd().split('\n').length}: did not find expected ${
        /[[{,]\s*$/.test(text) ? 'node content' : message.includes('sequence') ? "',' or ']'" : "',' or '}'"
      }`;
  }
  return `yaml: line ${line}: ${message.split(' at line')[0]}`;
}

/** The share of a document that may come of aliases, as Go's decoder bounds it: a few bytes could stand for anything. */
const aliasRatio = (nodes: number): number =>
  Math.max(0.1, Math.min(0.99, 0.99 - (0.89 * (nodes - 400_000)) / 3_600_000));

/** Keys are strings as in JSON; `duplicates` are worded as Go's YAML decoder does. */
export function parseYaml(text: string): { source: Source; duplicates: string[] } {
  const lines = new LineCounter();
  // Of a stream, the first document counts.
  const [found] = parseAllDocuments(text, {
    uniqueKeys: false,
    version: '1.1',
    lineCounter: lines,
    schema: 'yaml-1.1',
  });
  if (!found) return { source: { is: 'null' }, duplicates: [] };
  const document = found;
  const [error] = document.errors;
  if (error) throw new SyntaxProblem(yamlProblem(text, error));
  const duplicates: string[] = [];

  const member = (pair: Pair, seen: Set<string>): Member => {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    if (seen.has(key)) {
      const start = (pair.key as Node).range?.[0] ?? 0;
      duplicates.push(`line ${lines.linePos(start).line}: key ${JSON.stringify(key)} already set in map`);
    }
    seen.add(key);
    return [key, convert(pair.value)];
  };
  let nodes = 0;
  let aliased = 0;
  const open = new Set<unknown>();
  const alias = (node: Alias): Source => {
    const target = node.resolve(document);
    if (open.has(target)) throw new SyntaxProblem(`yaml: anchor '${node.source}' value contains itself`);
    open.add(target);
    const source = convert(target);
    open.delete(target);
    return source;
  };
  const convert = (node: unknown): Source => {
    nodes++;
    if (open.size > 0) aliased++;
    if (aliased > 100 && nodes > 1_000 && aliased / nodes > aliasRatio(nodes))
      throw new SyntaxProblem('yaml: document contains excessive aliasing');
    if (isAlias(node)) return alias(node);
    if (isMap(node)) {
      const seen = new Set<string>();
      return { is: 'object', members: node.items.map((pair) => member(pair, seen)) };
    }
    if (isSeq(node)) return { is: 'array', items: node.items.map(convert) };
    if (!isScalar(node)) return { is: 'null' };
    return node.value instanceof Date ? { is: 'string', value: node.source ?? '' } : sourceOf(node.value);
  };
  return { source: convert(document.contents), duplicates };
}
