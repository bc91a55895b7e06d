import { unreachable } from '#errors';
import { labelError } from './errors.ts';

/** One term of a Kubernetes label selector. `=` and `==` are `in` with one value, `!=` is `notin`. */
export type Requirement =
  | { operator: 'in' | 'notin'; key: string; values: readonly string[] }
  | { operator: 'exists' | 'absent'; key: string }
  | { operator: 'above' | 'below'; key: string; value: bigint };

/** All of them must hold; none of them holds for everything. */
export type Selector = readonly Requirement[];

export type LabelSet = Readonly<Record<string, string>>;

interface Token {
  text: string;
  kind: 'word' | 'symbol' | 'end';
  at: number;
}

/** Reads what `kubectl -l` reads; throws SELECTOR_INVALID with the place where it stops making sense. */
export function parseSelector(text: string): Selector {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = (): Token => tokens[position]!;
  const take = (): Token => tokens[position++]!;
  const takeSymbol = (symbol: string) =>
    peek().kind === 'symbol' && peek().text === symbol && Boolean(take());
  const word = (expected: string): Token => {
    const token = take();
    return token.kind === 'word' ? token : wrong(token, expected);
  };

  function requirement(): Requirement {
    if (takeSymbol('!')) return { operator: 'absent', key: keyIn(word('KEY')) };
    const key = keyIn(word('KEY'));
    if (peek().kind === 'end' || peek().text === ',') return { operator: 'exists', key };
    const operator = take();
    switch (operator.text) {
      case '=':
      case '==':
        return { operator: 'in', key, values: [exactValue()] };
      case '!=':
        return { operator: 'notin', key, values: [exactValue()] };
      case 'in':
      case 'notin':
        return { operator: operator.text, key, values: values() };
      case '>':
        return { operator: 'above', key, value: integer() };
      case '<':
        return { operator: 'below', key, value: integer() };
      default:
        return wrong(operator, '= == != in notin < >');
    }
  }

  /** `x=` and `x=,y` ask for the empty value. */
  const exactValue = (): string =>
    peek().kind === 'end' || peek().text === ',' ? '' : valueIn(word('VALUE'));

  function integer(): bigint {
    const token = word('INTEGER');
    if (!isInteger(token.text)) wrong(token, 'INTEGER');
    return BigInt(token.text);
  }

  /** `(a,,b)`, `(a,)` and `()` hold the empty value, too. */
  function values(): string[] {
    if (!takeSymbol('(')) wrong(peek(), '(');
    const found = new Set<string>();
    for (;;) {
      found.add(peek().kind === 'word' ? valueIn(take()) : '');
      if (takeSymbol(')')) return [...found];
      if (!takeSymbol(',')) wrong(peek(), ', )');
    }
  }

  const found: Requirement[] = [];
  if (peek().kind === 'end') return found;
  for (;;) {
    found.push(requirement());
    if (peek().kind === 'end') return found;
    if (!takeSymbol(',')) wrong(peek(), ',');
  }
}

/** As Kubernetes matches: `!=` and `notin` also hold where the label is missing, `<` and `>` only for numbers. */
export const matchesSelector = (selector: Selector, labels: LabelSet): boolean =>
  selector.every((requirement) => holds(requirement, labels));

function holds(requirement: Requirement, labels: LabelSet): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'above':
      return value !== undefined && isInteger(value) && BigInt(value) > requirement.value;
    case 'below':
      return value !== undefined && isInteger(value) && BigInt(value) < requirement.value;
    default:
      return unreachable(requirement);
  }
}

/** Label keys and values by the rules of Kubernetes; also what the labels of records have to keep to. */
export function isLabelKey(key: string): boolean {
  const [name, prefix, ...more] = key.split('/').reverse();
  if (more.length > 0 || !/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name!)) return false;
  return prefix === undefined || (prefix.length <= 253 && dnsSubdomain.test(prefix));
}
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const isLabelValue = (value: string): boolean =>
  value === '' || /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(value);

/** Kubernetes compares as 64-bit integers. */
const isInteger = (text: string): boolean =>
  /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);

const keyIn = (token: Token): string => (isLabelKey(token.text) ? token.text : wrong(token, 'KEY'));
const valueIn = (token: Token): string => (isLabelValue(token.text) ? token.text : wrong(token, 'VALUE'));

function wrong(token: Token, expected: string): never {
  throw labelError('SELECTOR_INVALID', { at: token.at + 1, found: token.text, expected });
}

/** Words are everything between white space and symbols, as in Kubernetes: "in" is an operator only by its place. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/[ \t\r\n]+|==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g)) {
    const [found] = match;
    if (/^[ \t\r\n]/.test(found)) continue;
    tokens.push({ text: found, kind: /^[=!(),<>]/.test(found) ? 'symbol' : 'word', at: match.index });
  }
  tokens.push({ text: '', kind: 'end', at: text.length });
  return tokens;
}
