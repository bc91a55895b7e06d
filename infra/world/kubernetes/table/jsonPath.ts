/** The part of kubectl's JSONPath that printer columns use: fields, indexes, `[*]` and `[?(@.field=="value")]`. */
export type Find = (object: unknown) => unknown[];

const step =
  /\.?(?:\[\?\(@\.(?<field>[^=!<>)\s]+)\s*(?<operator>==|!=)\s*(?<value>"[^"]*"|'[^']*'|[^)\s]+)\s*\)\]|\[(?<index>-?\d+)\]|\[['"](?<quoted>[^'"]+)['"]\]|(?<all>\[\*\]|\*)|(?<name>(?:\\.|[^.[\\])+))/y;

export function jsonPath(path: string): Find {
  const steps: Find[] = [];
  let at = 0;
  while (at < path.length) {
    step.lastIndex = at;
    const groups = step.exec(path)?.groups;
    at = step.lastIndex;
    // A path that cannot be read finds nothing; definitions with such columns are refused elsewhere.
    if (!groups) return () => [];
    steps.push(stepOf(groups));
  }
  return (object) => steps.reduce<unknown[]>((found, one) => found.flatMap(one), [object]);
}

function stepOf({
  field,
  operator,
  value = '',
  index,
  quoted,
  all,
  name,
}: Record<string, string | undefined>): Find {
  if (field !== undefined) {
    const inside = jsonPath(`.${field}`);
    const wanted = value.replaceAll(/^["']|["']$/g, '');
    return (list) =>
      Array.isArray(list)
        ? list.filter((item) => (String(inside(item)[0]) === wanted) === (operator === '=='))
        : [];
  }
  if (all !== undefined) {
    return (of) => (typeof of === 'object' && of !== null ? Object.values(of) : []);
  }
  if (index !== undefined) {
    return (list) => {
      const item = Array.isArray(list) ? (list.at(Number(index)) as unknown) : undefined;
      return item === undefined ? [] : [item];
    };
  }
  const key = quoted ?? name?.replaceAll(/\\(.)/g, '$1') ?? '';
  return (of) =>
    typeof of === 'object' && of !== null && Object.hasOwn(of, key)
      ? [(of as Record<string, unknown>)[key]]
      : [];
}
