/** What differs, a line for each place. */
export function differences(real: unknown, simulated: unknown, path = ''): string[] {
  if (Object.is(real, simulated)) return [];
  if (!areAlike(real, simulated)) {
    return [`${path}: ${JSON.stringify(simulated)} where the real one says ${JSON.stringify(real)}`];
  }
  const [ones, others] = [real as Fields, simulated as Fields];
  const names = new Set([...Object.keys(ones), ...Object.keys(others)]);
  return [...names].flatMap((name) => differences(ones[name], others[name], `${path}/${name}`));
}

type Fields = Record<string, unknown>;

function areAlike(one: unknown, other: unknown): boolean {
  const areObjects = [one, other].every((value) => typeof value === 'object' && value !== null);
  return areObjects && Array.isArray(one) === Array.isArray(other);
}
