import type { Options } from '../play/api.ts';
import type { JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import { accounts, bindings, clusterRoles, pods, roles } from './paths.ts';

const authorization = '/apis/authorization.k8s.io/v1';
const authentication = '/apis/authentication.k8s.io/v1';
const selfAccess = `${authorization}/selfsubjectaccessreviews`;
const access = `${authorization}/subjectaccessreviews`;
const selfRules = `${authorization}/selfsubjectrulesreviews`;
const self = `${authentication}/selfsubjectreviews`;

const resource = (attributes: JsonObject): JsonObject => ({ spec: { resourceAttributes: attributes } });

export const reviewing: Cases = {
  'who the administrator is': async (api) => {
    await api.post(self, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    await api.post(self, {});
  },
  'who a service account is': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.post(self, {}, { as: { token } });
  },
  'who no one is': async (api) => {
    await api.post(self, {}, { as: 'anonymous' });
  },
  'the administrator may do anything': async (api) => {
    await api.post(selfAccess, resource({ verb: 'delete', resource: 'nodes' }));
    await api.post(selfAccess, resource({ verb: '*', group: '*', resource: '*' }));
    await api.post(selfAccess, { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } } });
  },
  'what a service account may do by a role': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.allow(ns, 'robot', [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]);
    const as = { as: { token } };
    await api.post(selfAccess, resource({ namespace: ns, verb: 'get', resource: 'pods' }), as);
    await api.post(selfAccess, resource({ namespace: ns, verb: 'get', resource: 'pods', name: 'p' }), as);
    await api.post(
      selfAccess,
      resource({ namespace: ns, verb: 'get', resource: 'pods', subresource: 'log' }),
      as,
    );
    await api.post(selfAccess, resource({ namespace: ns, verb: 'delete', resource: 'pods' }), as);
    await api.post(selfAccess, resource({ namespace: 'default', verb: 'get', resource: 'pods' }), as);
    await api.post(selfAccess, resource({ verb: 'get', resource: 'pods' }), as);
    await api.post(selfAccess, resource({ namespace: ns, verb: 'get', group: 'apps', resource: 'pods' }), as);
    await api.post(selfAccess, { spec: { nonResourceAttributes: { verb: 'get', path: '/api' } } }, as);
    await api.post(selfAccess, { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } } }, as);
  },
  'what a service account may do by a cluster role': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.allow(
      ns,
      'robot',
      [
        { apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'], verbs: ['*'] },
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['known'], verbs: ['get'] },
        { apiGroups: ['*'], resources: ['*/status'], verbs: ['patch'] },
        { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
      ],
      true,
    );
    const as = { as: { token } };
    await api.post(selfAccess, resource({ verb: 'delete', group: 'apps', resource: 'deployments' }), as);
    await api.post(
      selfAccess,
      resource({
        namespace: ns,
        verb: 'patch',
        group: 'apps',
        resource: 'deployments',
        subresource: 'scale',
      }),
      as,
    );
    await api.post(
      selfAccess,
      resource({ namespace: ns, verb: 'get', resource: 'secrets', name: 'known' }),
      as,
    );
    await api.post(
      selfAccess,
      resource({ namespace: ns, verb: 'get', resource: 'secrets', name: 'other' }),
      as,
    );
    await api.post(selfAccess, resource({ namespace: ns, verb: 'list', resource: 'secrets' }), as);
    await api.post(selfAccess, resource({ verb: 'patch', resource: 'nodes', subresource: 'status' }), as);
    await api.post(selfAccess, { spec: { nonResourceAttributes: { verb: 'get', path: '/logs/a/b' } } }, as);
    await api.post(selfAccess, { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics/a' } } }, as);
  },
  'a review of oneself must ask for one thing': async (api) => {
    await api.post(selfAccess, { spec: {} });
    await api.post(selfAccess, {});
    await api.post(selfAccess, {
      spec: {
        resourceAttributes: { verb: 'get', resource: 'pods' },
        nonResourceAttributes: { verb: 'get', path: '/a' },
      },
    });
  },
  'what one may do, as a list': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.allow(ns, 'robot', [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]);
    // The rules come in any order.
    const rules = async (namespace: string | undefined, as: Options['as'] = 'admin') => {
      const spec = namespace === undefined ? {} : { namespace };
      const { status, object } = await api.quietly('POST', selfRules, { as, body: { spec } });
      const { resourceRules, nonResourceRules, ...rest } = (object.status ?? {}) as JsonObject;
      const sorted = [resourceRules, nonResourceRules].map((list) =>
        Array.isArray(list) ? list.map((rule) => JSON.stringify(rule)).sort() : (list ?? null),
      );
      api.note(`rules of ${JSON.stringify(as).slice(0, 12)}`, [
        status,
        { ...object, status: rest },
        ...sorted,
      ]);
    };
    await rules(ns, { token });
    await rules(api.name('other'), { token });
    await rules(undefined, { token });
    await rules(ns);
    await rules(ns, 'anonymous');
  },
  'what another may do': async (api) => {
    const ns = await api.namespace();
    await api.token(ns, 'robot');
    await api.allow(ns, 'robot', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    const user = `system:serviceaccount:${ns}:robot`;
    const attributes = { namespace: ns, verb: 'get', resource: 'pods' };
    await api.post(access, { spec: { user, resourceAttributes: attributes } });
    await api.post(access, { spec: { user: 'ann', resourceAttributes: attributes } });
    await api.post(access, {
      spec: { user: 'ann', groups: ['system:masters'], resourceAttributes: attributes },
    });
    await api.post(access, {
      spec: { groups: [`system:serviceaccounts:${ns}`], resourceAttributes: attributes },
    });
    await api.post(access, { spec: { resourceAttributes: attributes } });
    await api.post(access, { spec: { user } });
    await api.post(`${authorization}/namespaces/${ns}/localsubjectaccessreviews`, {
      metadata: { namespace: ns },
      spec: { user, resourceAttributes: attributes },
    });
    await api.post(`${authorization}/namespaces/${ns}/localsubjectaccessreviews`, {
      metadata: { namespace: ns },
      spec: { user, resourceAttributes: { ...attributes, namespace: 'other' } },
    });
  },
  'only some may review others': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.post(
      access,
      { spec: { user: 'ann', resourceAttributes: { verb: 'get', resource: 'pods' } } },
      { as: { token } },
    );
  },
  'a token is reviewed': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const reviews = `${authentication}/tokenreviews`;
    await api.post(reviews, { spec: { token } });
    await api.post(reviews, { spec: { token: 'nonsense' } });
    await api.post(reviews, { spec: { token, audiences: ['elsewhere'] } });
    await api.post(reviews, { spec: {} });
    const tampered = `${token.slice(0, -6)}AAAAAA`;
    const answer = await api.quietly('POST', reviews, { body: { spec: { token: tampered } } });
    api.note('a changed token', [
      answer.status,
      answer.at('status.authenticated') ?? null,
      answer.at('status.error') ?? null,
    ]);
  },
  'a review with a wrong name or in a form of a table': async (api) => {
    await api.post(selfAccess, { metadata: { name: 'n' }, ...resource({ verb: 'get', resource: 'pods' }) });
    await api.post(selfAccess, resource({ verb: 'get', resource: 'pods' }), {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
    });
    await api.post(`${selfAccess}?dryRun=All`, resource({ verb: 'get', resource: 'pods' }));
    await api.get(selfAccess);
  },
};

export const permitting: Cases = {
  'a service account without a role may see nothing but what all may': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    for (const path of [
      pods(ns),
      `${pods(ns)}/p`,
      '/api/v1/nodes',
      '/apis/apps/v1/deployments',
      `/api/v1/namespaces/${ns}`,
      '/metrics',
      '/logs',
      '/version',
      '/readyz',
      `${pods(ns)}/p/log`,
      `/api/v1/namespaces/${ns}/services/s/proxy/a`,
    ]) {
      const answer = await api.quietly('GET', path, as);
      if (answer.status === 403) await api.get(path, as);
      else api.note(path, answer.status);
    }
  },
  'every verb that is refused is named': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.post(pods(ns), {}, as);
    await api.put(`${pods(ns)}/p`, {}, as);
    await api.merge(`${pods(ns)}/p`, {}, as);
    await api.delete(`${pods(ns)}/p`, undefined, as);
    await api.delete(pods(ns), undefined, as);
    await api.get(`${pods(ns)}?watch=true`, as);
    await api.get(`${pods(ns)}?fieldSelector=metadata.name%3Dp`, as);
    await api.merge(`${pods(ns)}/p/status`, {}, as);
    await api.get('/apis/nonsense.example.com/v1/things', as);
    await api.get('/nonsense', as);
  },
  'a role works as soon as it is bound and no longer than it is': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.get(pods(ns), as);
    await api.allow(ns, 'robot', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]);
    await api.until(pods(ns), ({ status }) => status === 200, as);
    await api.get(`${pods(ns)}/p`, as);
    await api.quietly('DELETE', `${bindings(ns)}/${api.name('may-robot')}`);
    await api.until(pods(ns), ({ status }) => status === 403, as);
  },
  'a change of a role takes effect': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.allow(ns, 'robot', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]);
    await api.until(pods(ns), ({ status }) => status === 200, as);
    await api.quietly('PATCH', `${roles(ns)}/${api.name('may-robot')}`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }] },
    });
    await api.until(pods(ns), ({ status }) => status === 403, as);
    await api.quietly('DELETE', `${roles(ns)}/${api.name('may-robot')}`);
    await api.until(`/api/v1/namespaces/${ns}/configmaps`, ({ status }) => status === 403, as);
  },
  'a cluster role bound in a namespace holds there alone': async (api) => {
    const [a, b] = [await api.namespace('a'), await api.namespace('b')];
    const token = await api.token(a, 'robot');
    await api.prepare(bindings(a), {
      metadata: { name: 'b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: a }],
    });
    await api.until(pods(a), ({ status }) => status === 200, { as: { token } });
    await api.get(pods(b), { as: { token } });
    await api.get('/api/v1/pods', { as: { token } });
    await api.get(`/api/v1/namespaces/${a}/secrets`, { as: { token } });
    await api.get(`/api/v1/namespaces/${a}`, { as: { token } });
  },
  'what a binding refers to may be missing': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.post(bindings(ns), {
      metadata: { name: 'b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'missing' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: ns }],
    });
    await api.until(pods(ns), (answer) => String(answer.at('message')).includes('"missing"'), {
      as: { token },
    });
  },
  'no one gives away more than he has': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.allow(ns, 'robot', [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['*'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ]);
    await api.until(roles(ns), ({ status }) => status === 200, as);
    const pod = (verbs: string[]): JsonObject => ({ apiGroups: [''], resources: ['pods'], verbs });
    await api.post(roles(ns), { metadata: { name: 'same' }, rules: [pod(['get'])] }, as);
    await api.post(roles(ns), { metadata: { name: 'more' }, rules: [pod(['get', 'delete'])] }, as);
    await api.post(
      roles(ns),
      { metadata: { name: 'all' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
      as,
    );
    await api.merge(`${roles(ns)}/same`, { rules: [pod(['create'])] }, as);
    await api.apply(
      `${roles(ns)}/applied?fieldManager=m`,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'applied' },
        rules: [pod(['create'])],
      },
      as,
    );
    const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace: ns }];
    const bind = (name: string, kind: string, role: string) =>
      api.post(
        bindings(ns),
        {
          metadata: { name },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
          subjects,
        },
        as,
      );
    await bind('same', 'Role', 'same');
    await bind('admin', 'ClusterRole', 'cluster-admin');
    await bind('view', 'ClusterRole', 'view');
    await bind('missing', 'Role', 'missing');
  },
  'escalate and bind lift that': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.allow(ns, 'robot', [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['roles', 'rolebindings'],
        verbs: ['get', 'list', 'create', 'update', 'patch', 'escalate', 'bind'],
      },
    ]);
    await api.until(roles(ns), ({ status }) => status === 200, as);
    await api.post(
      roles(ns),
      { metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
      as,
    );
    await api.post(
      bindings(ns),
      {
        metadata: { name: 'b' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
        subjects: [],
      },
      as,
    );
  },
  'roles for all are aggregated from others': async (api) => {
    const label = api.name('sum');
    await api.prepare(clusterRoles, {
      metadata: { name: api.name('whole') },
      rules: [],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { into: label } }] },
    });
    await api.prepare(clusterRoles, {
      metadata: { name: api.name('part'), labels: { into: label } },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    await api.until(`${clusterRoles}/${api.name('whole')}`, (role) => role.at('rules.0') !== undefined);
  },
  'the roles that every cluster has': async (api) => {
    for (const name of [
      'cluster-admin',
      'view',
      'system:discovery',
      'system:public-info-viewer',
      'system:basic-user',
    ]) {
      const role = await api.quietly('GET', `${clusterRoles}/${name}`);
      api.note(name, [
        role.status,
        role.at('metadata.labels') ?? null,
        role.at('metadata.annotations') ?? null,
        role.at('rules') ?? null,
      ]);
    }
    const all = await api.quietly('GET', clusterRoles);
    const names = (all.at('items') as JsonObject[]).map(
      (role) => (role.metadata as JsonObject).name as string,
    );
    api.note(
      'all of them',
      names.filter((name) => !name.includes(api.run) && !/-[bcdfghjklmnpqrstvwxz]{6}$/.test(name)),
    );
  },
  'anonymous may see little': async (api) => {
    const as = { as: 'anonymous' as const };
    for (const path of ['/version', '/healthz', '/livez', '/readyz']) {
      api.note(path, (await api.quietly('GET', path, as)).status);
    }
    for (const path of [
      '/api',
      '/apis',
      '/api/v1',
      '/api/v1/nodes',
      '/openapi/v2',
      '/metrics',
      '/',
      '/.well-known/openid-configuration',
    ]) {
      await api.get(path, as);
    }
  },
};

const acting = (user: string, groups: string[] = [], more: Record<string, string> = {}) => ({
  headers: {
    'impersonate-user': user,
    ...(groups.length ? { 'impersonate-group': groups.join(',') } : {}),
    ...more,
  },
});

export const impersonating: Cases = {
  'the administrator acts as another': async (api) => {
    const ns = await api.namespace();
    await api.post(self, {}, acting('ann'));
    await api.post(self, {}, acting('ann', ['crew']));
    await api.post(
      self,
      {},
      acting('ann', [], { 'impersonate-uid': 'u-1', 'impersonate-extra-Scope': 'all' }),
    );
    await api.get(pods(ns), acting('ann'));
    await api.get(pods(ns), acting('ann', ['system:masters']));
  },
  'acting as a service account brings its groups': async (api) => {
    const ns = await api.namespace();
    await api.post(self, {}, acting(`system:serviceaccount:${ns}:default`));
    await api.post(self, {}, acting('system:anonymous'));
    await api.get(pods(ns), acting(`system:serviceaccount:${ns}:default`));
  },
  'a group alone is no one': async (api) => {
    await api.post(self, {}, { headers: { 'impersonate-group': 'crew' } });
    await api.post(self, {}, { headers: { 'impersonate-extra-scope': 'all' } });
    await api.post(self, {}, { headers: { 'impersonate-uid': 'u-1' } });
  },
  'not all may act as others': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const as = { token };
    await api.get(pods(ns), { as, ...acting('ann') });
    await api.get(pods(ns), { as, ...acting(`system:serviceaccount:${ns}:default`) });
    await api.allow(
      ns,
      'robot',
      [{ apiGroups: [''], resources: ['users'], resourceNames: ['ann'], verbs: ['impersonate'] }],
      true,
    );
    await api.until('/api/v1/nodes', (answer) => String(answer.at('message')).includes('User "ann"'), {
      as,
      ...acting('ann'),
    });
    await api.get(pods(ns), { as, ...acting('bob') });
    await api.get(pods(ns), { as, ...acting('ann', ['crew']) });
  },
  'a token keeps its owner in the account': async (api) => {
    const ns = await api.namespace();
    await api.quietly('POST', accounts(ns), { body: { metadata: { name: 'gone' } } });
    const token = await api.token(ns, 'gone');
    await api.post(self, {}, { as: { token } });
    await api.quietly('DELETE', `${accounts(ns)}/gone`);
    await api.until('/api/v1/nodes', ({ status }) => status === 401, { as: { token } });
  },
};
