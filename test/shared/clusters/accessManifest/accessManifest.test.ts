import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  accessManifest,
  missingManifest,
  subjectOf,
} from '../../../../shared/clusters/accessManifest/accessManifest.ts';
import {
  accessReviewOf,
  capabilities,
  type Permission,
  permissionsOf,
} from '../../../../shared/clusters/accessManifest/permissions.ts';

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}
interface Object {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
  subjects?: object[];
  roleRef?: object;
  [field: string]: unknown;
}

const account = { namespace: 'drover-system', name: 'drover' };
const objectsOf = (text: string): Object[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Object);
const named = ({ kind, metadata }: Object): string =>
  [kind, metadata.namespace, metadata.name].filter(Boolean).join(' ');

/** What RBAC makes of the rules, one line per permission: the manifest says this and no more. */
const grantedBy = (objects: Object[]): string[] =>
  objects
    .flatMap(({ metadata, rules = [] }) =>
      rules.flatMap((rule) =>
        rule.verbs.flatMap((verb) =>
          (rule.nonResourceURLs ?? rule.resources ?? []).flatMap((resource) =>
            (rule.resourceNames ?? ['*']).map((name) =>
              [metadata.namespace ?? '*', verb, rule.apiGroups?.join() ?? '-', resource, name].join(' '),
            ),
          ),
        ),
      ),
    )
    .sort();
const asked = (permissions: readonly Permission[]): string[] =>
  permissions
    .map(({ namespace, verb, group, resource, name }) =>
      [namespace ?? '*', verb, group ?? '-', resource, name ?? '*'].join(' '),
    )
    .sort();

test.each(capabilities)('the manifest for %s grants exactly what its table says', (capability) => {
  const objects = objectsOf(accessManifest({ ...account, capabilities: [capability] }));
  expect(grantedBy(objects)).toEqual(asked(permissionsOf(capability, account)));
});

test('no rule has a wildcard, and only "secrets" reads secrets', () => {
  const all = accessManifest({ ...account, capabilities });
  expect(all).not.toMatch(/"\*"|'\*'|- \*/);
  expect(grantedBy(objectsOf(all)).filter((line) => line.includes(' secrets '))).toEqual([
    '* list  secrets *',
  ]);
  const others = capabilities.filter((capability) => capability !== 'secrets');
  expect(accessManifest({ ...account, capabilities: others })).not.toMatch(/^\s*- secrets$/m);
});

test('a manifest holds the account, and a role with its binding per capability', () => {
  const objects = objectsOf(accessManifest({ ...account, capabilities: ['rotation', 'watch', 'watch'] }));
  expect(objects.map(named)).toEqual([
    'Namespace drover-system',
    'ServiceAccount drover-system drover',
    'ClusterRole drover-watch',
    'ClusterRoleBinding drover-watch',
    'Role drover-system drover-rotation',
    'RoleBinding drover-system drover-rotation',
  ]);
  for (const { subjects, roleRef, kind, metadata } of objects.filter(({ roleRef }) => roleRef)) {
    expect(subjects).toEqual([{ kind: 'ServiceAccount', ...account }]);
    expect(roleRef).toEqual({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: kind.replace('Binding', ''),
      name: metadata.name,
    });
  }
});

test('joining is reaching one service of NeuVector through the API server, where it is and by its name', () => {
  const granted = (given: object = {}) =>
    grantedBy(objectsOf(accessManifest({ ...account, capabilities: ['join'], ...given })));
  expect(granted()).toEqual(
    ['create', 'delete', 'get'].map(
      (verb) => `neuvector ${verb}  services/proxy https:neuvector-svc-controller-api:10443`,
    ),
  );
  expect(granted({ controller: { namespace: 'security', service: 'nv', port: 443 } })[0]).toBe(
    'security create  services/proxy https:nv:443',
  );
});

test('the manifest for watching reads as it is meant to', () => {
  expect(accessManifest({ ...account, capabilities: ['watch'] })).toMatchSnapshot();
});

test('the manifest says how to make the token: short-lived where it is renewed', () => {
  expect(accessManifest({ ...account, capabilities: ['watch', 'rotation'] })).toContain(
    '#   kubectl -n drover-system create token drover --duration=48h\n',
  );
  expect(accessManifest({ ...account, capabilities: ['watch'] })).toContain('--duration=8760h\n');
});

test('a token that lasts is kept in a Secret, only when asked for', () => {
  const objects = objectsOf(accessManifest({ ...account, capabilities: ['watch'], token: 'secret' }));
  expect(objects.find(({ kind }) => kind === 'Secret')).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: {
      namespace: 'drover-system',
      name: 'drover-token',
      annotations: { 'kubernetes.io/service-account.name': 'drover' },
    },
  });
  expect(accessManifest({ ...account, capabilities })).not.toContain('kind: Secret');
});

test.each([
  [{ ...account, name: 'a\nb' }, 'name'],
  [{ ...account, name: 'Drover' }, 'name'],
  [{ ...account, name: 'a'.repeat(64) }, 'name'],
  [{ ...account, namespace: '$(id)' }, 'namespace'],
  [{ ...account, namespace: '' }, 'namespace'],
])('names that would change the commands are refused: %j', (given, at) => {
  expect(() => accessManifest({ ...given, capabilities: ['watch'] })).toThrowError(
    expect.objectContaining({ code: 'ACCESS_NAME_INVALID', values: { at } }),
  );
});

test('what is missing is granted exactly, to whom the cluster says we are', () => {
  const missing = capabilities
    .flatMap((capability) => permissionsOf(capability, account))
    .filter(
      ({ resource, verb }) =>
        ['/livez', 'pods', 'serviceaccounts/token'].includes(resource) || verb === 'patch',
    );
  const objects = objectsOf(missingManifest(missing, subjectOf('system:serviceaccount:ops:reader')));
  expect(grantedBy(objects)).toEqual([...new Set(asked(missing))]);
  expect(objects.map(({ kind }) => kind)).toEqual([
    'ClusterRole',
    'ClusterRoleBinding',
    'Role',
    'RoleBinding',
  ]);
  expect(objects[1]?.subjects).toEqual([{ kind: 'ServiceAccount', namespace: 'ops', name: 'reader' }]);
});

test('the user of a client certificate is granted as a user, whatever is in the name', () => {
  const missing = permissionsOf('secrets', account);
  const [, binding] = objectsOf(missingManifest(missing, subjectOf('ada: {}\n- admin')));
  expect(binding?.subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada: {}\n- admin' },
  ]);
});

test('applying one gap’s manifest takes nothing away that another granted', () => {
  const [secrets, namespaces] = [permissionsOf('secrets', account), permissionsOf('namespaces', account)];
  const names = [
    missingManifest(secrets, subjectOf('ada')),
    missingManifest(namespaces, subjectOf('ada')),
    missingManifest(secrets, subjectOf('bob')),
  ].map((manifest) => objectsOf(manifest)[0]?.metadata.name);
  expect(names[0]).toMatch(/^drover-missing-[0-9a-f]{8}$/);
  expect(new Set(names).size).toBe(3);
});

test('access reviews ask for what the table says', () => {
  const all = capabilities.flatMap((capability) => permissionsOf(capability, account));
  const reviews = all.map((permission) => accessReviewOf(permission).spec);
  expect(reviews).toContainEqual({ nonResourceAttributes: { path: '/readyz', verb: 'get' } });
  expect(reviews).toContainEqual({
    resourceAttributes: { verb: 'get', group: '', resource: 'namespaces', name: 'kube-system' },
  });
  expect(reviews).toContainEqual({
    resourceAttributes: { verb: 'list', group: 'apps', resource: 'deployments' },
  });
  expect(reviews).toContainEqual({
    resourceAttributes: {
      verb: 'create',
      group: '',
      resource: 'serviceaccounts',
      subresource: 'token',
      namespace: 'drover-system',
      name: 'drover',
    },
  });
  expect(reviews).toContainEqual({
    resourceAttributes: {
      verb: 'create',
      group: '',
      resource: 'services',
      subresource: 'proxy',
      namespace: 'neuvector',
      name: 'https:neuvector-svc-controller-api:10443',
    },
  });
});
