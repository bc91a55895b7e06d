import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Permission } from '../../../../shared/clusters/accessManifest/permissions.ts';
import { type Rule, rulesOf } from '../../../../shared/clusters/accessManifest/rules.ts';

type Asked = Pick<Permission, 'verb' | 'group' | 'resource' | 'name'>;

const permission = fc
  .record<Asked>({
    verb: fc.constantFrom('get', 'list', 'create'),
    group: fc.constantFrom('', 'apps', null),
    resource: fc.constantFrom('pods', 'nodes', 'serviceaccounts/token'),
    name: fc.constantFrom('drover', 'kube-system', null),
  })
  .map(({ group, resource, name, ...rest }) => ({
    capability: 'watch' as const,
    namespace: null,
    ...rest,
    group,
    // Paths have no names.
    ...(group === null ? { resource: `/${resource}`, name: null } : { resource, name }),
  }));

const granted = (rule: Rule): string[] =>
  'nonResourceURLs' in rule
    ? rule.nonResourceURLs.flatMap((path) => rule.verbs.map((verb) => `${verb} ${path}`))
    : rule.resources.flatMap((resource) =>
        rule.verbs.flatMap((verb) =>
          (rule.resourceNames ?? ['*']).map((name) => [verb, rule.apiGroups, resource, name].join(' ')),
        ),
      );
const asked = ({ verb, group, resource, name }: Asked): string =>
  group === null ? `${verb} ${resource}` : [verb, group, resource, name ?? '*'].join(' ');

test('rules grant what was asked for, and nothing more', () => {
  fc.assert(
    fc.property(fc.array(permission, { maxLength: 12 }), (permissions) => {
      expect(new Set(rulesOf(permissions).flatMap(granted))).toEqual(new Set(permissions.map(asked)));
    }),
    { seed: 1 },
  );
});

test('resources of the same verbs share a rule', () => {
  const list = ['pods', 'nodes'].map((resource) => ({
    capability: 'watch' as const,
    verb: 'list',
    group: '',
    resource,
    namespace: null,
    name: null,
  }));
  expect(rulesOf(list)).toEqual([{ apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['list'] }]);
});
