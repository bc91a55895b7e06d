import { describe, expect, it } from 'vitest';
import { labelRequirements, matchesLabels } from '../../../../../infra/world/kubernetes/selectors/labels.ts';

const selects = (selector: string, labels: Record<string, string>) =>
  matchesLabels(labelRequirements(selector), labels);

describe('label selectors', () => {
  it.each([
    ['', {}, true],
    ['app=web', { app: 'web' }, true],
    ['app==web', { app: 'db' }, false],
    ['app!=web', {}, true],
    ['app!=web', { app: 'web' }, false],
    ['app', { app: '' }, true],
    ['!app', { app: '' }, false],
    ['app in (web, db)', { app: 'db' }, true],
    ['app in (web,db)', {}, false],
    ['app notin (web)', {}, true],
    ['app in (,web)', { app: '' }, true],
    ['n>3', { n: '4' }, true],
    ['n<3', { n: '4' }, false],
    ['n>3', {}, false],
    ['app=web,tier!=back, !old', { app: 'web', tier: 'front' }, true],
    ['app=', { app: '' }, true],
    ['example.com/app=web', { 'example.com/app': 'web' }, true],
  ])('%j over %j is %s', (selector, labels, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it.each([
    'app=web=db',
    'app in web',
    'app in (web',
    '=web',
    'a b',
    'app=web,',
    'n>x',
    'app=-',
    'a/b/c=d',
    ',a',
  ])('refuses %j', (selector) => {
    expect(() => labelRequirements(selector)).toThrow(/unable to parse requirement/);
  });
});
