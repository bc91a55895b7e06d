import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unknownLabels, unknownMetrics } from '../../shared/metrics/metricsNamed.ts';
import { hasPromtool, promtool } from '../../shared/metrics/promtool.ts';

const rules = readFileSync('infra/alerts/drover.rules.yaml', 'utf8');
const behaviour = readFileSync('test/infra/alerts/drover.test.yaml', 'utf8');
const runbook = readFileSync('docs/runbook.md', 'utf8');

const alerts = rules
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => {
    const name = text.slice(0, text.indexOf('\n'));
    const expression = /^ {8}expr: ([\s\S]*?)^ {8}(?:for|labels):/m.exec(text)?.[1] ?? '';
    return { name, text, expression };
  });

describe.skipIf(!hasPromtool)('the rules', () => {
  it('are accepted by promtool', () => {
    const told = promtool(['check', 'rules', '--lint-fatal', 'infra/alerts/drover.rules.yaml']);
    expect(told.output).toContain(`${alerts.length} rules found`);
    expect(told.passed).toBe(true);
  });

  it('fire and keep silent as told', () => {
    expect(promtool(['test', 'rules', 'test/infra/alerts/drover.test.yaml'])).toMatchObject({ passed: true });
  });
});

describe.each(alerts)('$name', ({ name, text, expression }) => {
  it('uses metrics and labels that there are', () => {
    expect(expression).toContain('drover_');
    expect(unknownMetrics(expression)).toEqual([]);
    expect(unknownLabels(expression)).toEqual([]);
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
    expect(behaviour).toMatch(
      new RegExp(`alertname="${name}",alertstate="firing"|alertname: ${name}\\n[\\s\\S]*?exp_labels`),
    );
  });
});

it('the runbook has a section for every alert and no others', () => {
  const sections = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(alerts.map(({ name }) => name));
});
