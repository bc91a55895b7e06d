import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coreFamilies } from '#metrics';
import dashboard from '../../../infra/dashboards/drover.json' with { type: 'json' };
import { unknownLabels, unknownMetrics } from '../../shared/metrics/metricsNamed.ts';
import { hasPromtool, promtool } from '../../shared/metrics/promtool.ts';

const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

describe.each(queries)('$title: $legendFormat', ({ expr, legendFormat }) => {
  it('asks for metrics and labels that there are', () => {
    expect(unknownMetrics(expr)).toEqual([]);
    expect(unknownLabels(expr)).toEqual([]);
  });

  it('names in its legend what the result is grouped by', () => {
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const [, grouped] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
    const plain = coreFamilies.find(({ name }) => expr.includes(name))?.labels ?? {};
    const labels =
      grouped?.split(', ').filter((label) => label !== 'le') ??
      (expr.includes('sum(') ? [] : Object.keys(plain));
    expect(named.sort()).toEqual(labels.sort());
  });
});

it.skipIf(!hasPromtool)('every query is PromQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-'));
  const rules = queries.map(({ expr }, i) => ({
    record: `query:${i}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$area', '.*'),
  }));
  writeFileSync(join(folder, 'queries.json'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
  const told = promtool(['check', 'rules', join(folder, 'queries.json')]);
  rmSync(folder, { recursive: true });
  expect(told).toMatchObject({ passed: true });
});

it('every family is on it', () => {
  const all = queries.map(({ expr }) => expr).join('\n');
  // Whether gauges could be read is an alert's matter.
  const missing = coreFamilies.filter(({ name }) => !all.includes(name) && name !== 'drover_gauges_up');
  expect(missing.map(({ name }) => name)).toEqual([]);
});

it('panels have a description, ids, and places that do not overlap', () => {
  const taken = new Set<string>();
  for (const { description, gridPos } of panels) {
    expect(description).toMatch(/\.$/);
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x},${y}`)).toBe(false);
        taken.add(`${x},${y}`);
      }
    }
  }
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});
