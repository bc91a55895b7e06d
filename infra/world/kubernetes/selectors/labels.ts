import { badRequest } from '../status.ts';

/** One condition on a label: `in` with one value is `=`. */
export interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent' | 'above' | 'below';
  values: string[];
}

const token = /\s*(?:(?<sign>==|!=|[=!,()<>])|(?<word>[^\s=!,()<>]+))/y;
const labelName = /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Kubernetes' own grammar and words for what is wrong with a label selector. */
export function labelRequirements(selector: string): Requirement[] {
  const tokens = tokensOf(selector);
  const requirements: Requirement[] = [];
  const next = (): string => tokens.shift() ?? '';
  const expected = (found: string, what: string) =>
    badRequest(`unable to parse requirement: found '${found}', expected: ${what}`);

  while (tokens.length > 0) {
    const isNegated = tokens[0] === '!';
    if (isNegated) next();
    const key = next();
    if (key === '' || /^[=!,()<>]/.test(key))
      throw expected(key, isNegated ? 'identifier' : "!, identifier, or 'end of string'");
    if (!labelName.test(key))
      throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${key}": ${nameRule}`);
    const operator = isNegated || tokens.length === 0 || tokens[0] === ',' ? '' : next();
    requirements.push(requirement(key, isNegated, operator));
    if (tokens.length === 0) break;
    if (next() !== ',') throw expected(tokens[0] ?? '', "',' or 'end of string'");
    if (tokens.length === 0) throw expected('', "identifier after ','");
  }
  return requirements;

  function requirement(key: string, isNegated: boolean, operator: string): Requirement {
    switch (operator) {
      case '':
        return { key, operator: isNegated ? 'absent' : 'exists', values: [] };
      case 'in':
      case 'notin':
        return { key, operator, values: checked(key, list()) };
      case '=':
      case '==':
        return { key, operator: 'in', values: checked(key, [single()]) };
      case '!=':
        return { key, operator: 'notin', values: checked(key, [single()]) };
      case '>':
      case '<': {
        const value = single();
        if (!/^[+-]?\d+$/.test(value))
          throw badRequest(
            `unable to parse requirement: values[0][${key}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
          );
        return { key, operator: operator === '>' ? 'above' : 'below', values: [value] };
      }
      default:
        throw expected(operator, 'in, notin, =, ==, !=, gt, lt');
    }
  }

  function single(): string {
    if (tokens.length === 0 || tokens[0] === ',') return '';
    const value = next();
    if (/^[=!()<>]/.test(value)) throw expected(value, 'identifier');
    return value;
  }

  function list(): string[] {
    if (next() !== '(') throw expected(tokens[0] ?? '', "'('");
    const values: string[] = [];
    while (true) {
      if (tokens[0] === ')' || tokens[0] === ',') values.push('');
      else values.push(next());
      const sign = next();
      if (sign === ')') return values;
      if (sign !== ',') throw expected(sign, "',', or ')'");
    }
  }
}

const nameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function checked(key: string, values: string[]): string[] {
  values.forEach((value, i) => {
    if (!labelValue.test(value))
      throw badRequest(
        `unable to parse requirement: values[${i}][${key}]: Invalid value: "${value}": ${valueRule}`,
      );
  });
  return values;
}

function tokensOf(selector: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(selector); match; match = token.exec(selector))
    tokens.push(match[1] ?? match[2]!);
  return tokens;
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
