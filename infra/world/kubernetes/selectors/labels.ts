import { badRequest } from '../status.ts';
import { isLabelValue, isQualifiedName } from '../validation/words.ts';

/** One condition on a label: `in` with one value is `=`. */
export interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent' | 'above' | 'below';
  values: string[];
}

const token = /(?<sign>==|!=|[=!,()<>])|(?<word>[^\s=!,()<>]+)/g;

/** Kubernetes' own grammar and words for what is wrong with a label selector. */
export function labelRequirements(selector: string): Requirement[] {
  const tokens = tokensOf(selector);
  const requirements: Requirement[] = [];
  const peek = (): string => tokens[0] ?? '';
  const next = (): string => tokens.shift() ?? '';

  while (tokens.length > 0) {
    const isNegated = peek() === '!';
    if (!isNegated && !isWord(peek())) throw found(peek(), "!, identifier, or 'end of string'");
    requirements.push(within(() => requirement()));
    if (tokens.length === 0) break;
    if (peek() !== ',') throw found(peek(), "',' or 'end of string'");
    next();
    if (!isWord(peek()) && peek() !== '!') throw found(peek(), "identifier after ','");
  }
  return requirements;

  function requirement(): Requirement {
    const isNegated = peek() === '!';
    if (isNegated) next();
    const key = next();
    if (!isWord(key)) throw found(key, 'identifier');
    const [wrong] = isQualifiedName(key);
    if (wrong) throw badRequest(`<nil>: Invalid value: "${key}": ${wrong}`);
    if (isNegated) return { key, operator: 'absent', values: [] };
    if (tokens.length === 0 || peek() === ',') return { key, operator: 'exists', values: [] };
    return { key, ...condition(key, next()) };
  }

  function condition(key: string, operator: string): Omit<Requirement, 'key'> {
    switch (operator) {
      case 'in':
      case 'notin':
        return { operator, values: checked(key, list()) };
      case '=':
      case '==':
        return { operator: 'in', values: checked(key, [single()]) };
      case '!=':
        return { operator: 'notin', values: checked(key, [single()]) };
      case '>':
      case '<': {
        const value = single();
        if (!/^[+-]?\d+$/.test(value))
          throw badRequest(
            `values[0]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
          );
        return { operator: operator === '>' ? 'above' : 'below', values: [value] };
      }
      default:
        throw found(operator, 'in, notin, =, ==, !=, gt, lt');
    }
  }

  function single(): string {
    if (tokens.length === 0 || peek() === ',') return '';
    if (!isWord(peek())) throw found(peek(), 'identifier');
    return next();
  }

  function list(): string[] {
    if (peek() !== '(') throw badRequest(`found '${peek()}' expected: '('`);
    next();
    const values: string[] = [];
    while (true) {
      values.push(isWord(peek()) ? next() : '');
      const sign = next();
      if (sign === ')') return values;
      if (sign !== ',') throw found(sign, "',' or ')'");
    }
  }
}

const isWord = (token: string): boolean => token !== '' && !/^[=!,()<>]/.test(token);

const found = (token: string, expected: string) => badRequest(`found '${token}', expected: ${expected}`);

/** What is wrong in a requirement is said as such; what is wrong between two is not. */
function within(read: () => Requirement): Requirement {
  try {
    return read();
  } catch (error) {
    throw badRequest(`unable to parse requirement: ${(error as Error).message}`);
  }
}

function checked(key: string, values: string[]): string[] {
  values.forEach((value, i) => {
    const [wrong] = isLabelValue(value);
    if (wrong) throw badRequest(`values[${i}][${key}]: Invalid value: "${value}": ${wrong}`);
  });
  return values;
}

function tokensOf(selector: string): string[] {
  return [...selector.matchAll(token)].map(({ groups }) => groups!.sign ?? groups!.word!);
}

export const matchesLabels = (
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>> = {},
): boolean =>
  requirements.every((one) => matches(one, Object.hasOwn(labels, one.key) ? labels[one.key] : undefined));

function matches({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'above':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'below':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
