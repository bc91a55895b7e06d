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
    ['app=web=db', "found '=', expected: ',' or 'end of string'"],
    ['=web', "found '=', expected: !, identifier, or 'end of string'"],
    ['app=web,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['app in web', "unable to parse requirement: found 'web' expected: '('"],
    ['app in (web', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['n>x', /^unable to parse requirement: values\[0\]: Invalid value: "x"/],
    ['app=-', /^unable to parse requirement: values\[0\]\[app\]: Invalid value: "-"/],
    ['a/b/c=d', /^unable to parse requirement: <nil>: Invalid value: "a\/b\/c"/],
  ])('refuses %j', (selector, words) => {
    expect(() => labelRequirements(selector)).toThrow(words);
  });
});
