import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { families } from '../../../functions/families.ts';
import clusters from '../../../infra/dashboards/clusters.json' with { type: 'json' };
import drover from '../../../infra/dashboards/drover.json' with { type: 'json' };
import joins from '../../../infra/dashboards/joins.json' with { type: 'json' };
import neuvector from '../../../infra/dashboards/neuvector.json' with { type: 'json' };
import { unknownLabels, unknownMetrics, unknownToExporter } from '../../shared/metrics/metricsNamed.ts';
import { hasPromtool, promtool } from '../../shared/metrics/promtool.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string }[];
}

const dashboards: { title: string; uid: string; panels: Panel[] }[] = [drover, clusters, joins, neuvector];
const queries = dashboards.flatMap(({ panels }) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
  ),
);

describe.each(queries)('$title: $legendFormat', ({ expr, legendFormat }) => {
  it('asks for metrics and labels that there are', () => {
    expect(unknownMetrics(expr)).toEqual([]);
    if (!expr.includes('nv_')) expect(unknownLabels(expr)).toEqual([]);
    expect(unknownToExporter(expr)).toEqual([]);
  });

  it('names in its legend what the result is grouped by', () => {
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const [, grouped] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
    const plain = familyOf(expr)?.labels ?? {};
    const labels =
      grouped?.split(', ').filter((label) => label !== 'le') ??
      (/\b(?:sum|count)\(/.test(expr) ? [] : Object.keys(plain));
    // What a controller's own metrics are told apart by is chosen from many.
    if (expr.includes('nv_') && !grouped) return;
    expect(named.sort()).toEqual(labels.sort());
  });
});

/** The first that it names, by its whole name. */
const familyOf = (expr: string) => {
  const [named] = /\bdrover_\w+/.exec(expr) ?? [];
  return families.find(({ name }) => name === named);
};

it.skipIf(!hasPromtool)('every query is PromQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-'));
  const rules = queries.map(({ expr }, i) => ({
    record: `query:${i}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$(area|cluster|membership|instance)/g, '.*'),
  }));
  writeFileSync(join(folder, 'queries.json'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
  const told = promtool(['check', 'rules', join(folder, 'queries.json')]);
  rmSync(folder, { recursive: true });
  expect(told).toMatchObject({ passed: true });
});

it('every family is on one of them', () => {
  const all = queries.map(({ expr }) => expr).join('\n');
  // Whether gauges could be read is an alert's matter.
  const missing = families.filter(({ name }) => !all.includes(name) && name !== 'drover_gauges_up');
  expect(missing.map(({ name }) => name)).toEqual([]);
});

it.each(dashboards)(
  'panels of $title have a description, ids, and places that do not overlap',
  ({ panels }) => {
    const taken = new Set<string>();
    for (const { description, gridPos } of panels.filter(({ type }) => type !== 'row')) {
      expect(description).toMatch(/\.$/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`)).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  },
);

it('each can be imported beside the others', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});
