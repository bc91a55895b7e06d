import { ownSeries } from '#neuvector/exporter';
import { families } from '../../../functions/families.ts';
import { families as ofControllers } from '../../../shared/neuvector/exporter/families/families.ts';

/** Which metrics an expression names that no family gives. */
export function unknownMetrics(expression: string): string[] {
  const given = new Set(
    families.flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  return [...expression.matchAll(/\bdrover_\w+/g)].map(([name]) => name).filter((name) => !given.has(name));
}

/** The labels an expression selects or groups by that its metrics do not have. */
export function unknownLabels(expression: string): string[] {
  const named = families.filter(({ name }) => expression.includes(name));
  const known = new Set(['le', ...named.flatMap(({ labels }) => Object.keys(labels))]);
  const selected = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  );
  const grouped = [...expression.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((label) => label.trim()),
  );
  return [...selected, ...grouped].filter((label) => !known.has(label));
}

/** Which metrics of a NeuVector controller an expression names that the exporter does not give. */
export function unknownToExporter(expression: string): string[] {
  const own = ownSeries({
    target: '',
    tookMs: 0,
    signInFailures: 0,
    collected: { families: [], requests: 0 } as never,
  });
  const given = new Set([
    ...ofControllers({ enforcerStats: true }).flatMap(({ help }) => Object.keys(help)),
    ...[...own.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name),
  ]);
  return [...expression.matchAll(/\bnv_\w+/g)].map(([name]) => name).filter((name) => !given.has(name));
}
