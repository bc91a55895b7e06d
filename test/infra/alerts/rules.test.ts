import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unknownLabels, unknownMetrics, unknownToExporter } from '../../shared/metrics/metricsNamed.ts';
import { hasPromtool, promtool } from '../../shared/metrics/promtool.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');

const files = ['drover', 'clusters', 'joins', 'neuvector'].map((of) => {
  const [rules, behaviour] = [`infra/alerts/${of}.rules.yaml`, `test/infra/alerts/${of}.test.yaml`];
  const alerts = readFileSync(rules, 'utf8')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => {
      const name = text.slice(0, text.indexOf('\n'));
      const expression = /^ {8}expr: ([\s\S]*?)^ {8}(?:for|labels):/m.exec(text)?.[1] ?? '';
      return { name, text, expression, cases: readFileSync(behaviour, 'utf8') };
    });
  return { rules, behaviour, alerts };
});
const alerts = files.flatMap((file) => file.alerts);

describe.skipIf(!hasPromtool).each(files)('$rules', (file) => {
  it('is accepted by promtool', () => {
    const told = promtool(['check', 'rules', '--lint-fatal', file.rules]);
    expect(told.output).toContain(`${file.alerts.length} rules found`);
    expect(told.passed).toBe(true);
  });

  it('fires and keeps silent as told', () => {
    expect(promtool(['test', 'rules', file.behaviour])).toMatchObject({ passed: true });
  });
});

describe.each(alerts)('$name', ({ name, text, expression, cases }) => {
  it('uses metrics and labels that there are', () => {
    expect(expression).toMatch(/\b(?:drover|nv)_/);
    expect(unknownMetrics(expression)).toEqual([]);
    if (!expression.includes('nv_')) expect(unknownLabels(expression)).toEqual([]);
    expect(unknownToExporter(expression)).toEqual([]);
  });

  it('says what happened, what that means and what to do, and is severe by name', () => {
    for (const annotation of ['summary', 'description', 'action']) {
      expect(text).toMatch(new RegExp(`^ {10}${annotation}: \\S`, 'm'));
    }
    expect(text).toMatch(/^ {10}severity: (critical|warning)$/m);
  });

  it('has its section in the runbook, and a case in which it fires', () => {
    expect(text).toContain(`runbook: docs/runbook.md#${name.toLowerCase()}\n`);
    expect(runbook.split(`\n## ${name}\n`)).toHaveLength(2);
    expect(cases).toMatch(
      new RegExp(`alertname="${name}",alertstate="firing"|alertname: ${name}\\n[\\s\\S]*?exp_labels`),
    );
  });
});

it('the runbook has a section for every alert and no others', () => {
  const sections = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(alerts.map(({ name }) => name));
});
