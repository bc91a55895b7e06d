import { expect, it } from 'vitest';
import { aSimulatedCluster } from '../aSimulatedCluster.ts';

const inDefault = '/api/v1/namespaces/default';
const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';

it('gives a namespace its service account and the CA, and gives them back when they are deleted', async () => {
  const { send, cluster } = aSimulatedCluster();
  await send('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
  await cluster.settled();
  const certificates = '/api/v1/namespaces/shop/configmaps/kube-root-ca.crt';
  const { json: before } = await send('GET', certificates);
  expect(before.data).toEqual({ 'ca.crt': 'CA' });
  expect(before.metadata.managedFields[0]).toMatchObject({ manager: 'kube-controller-manager' });

  await send('DELETE', certificates);
  await send('DELETE', '/api/v1/namespaces/shop/serviceaccounts/default');
  await cluster.settled();
  const { json: after } = await send('GET', certificates);
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect((await send('GET', '/api/v1/namespaces/shop/serviceaccounts/default')).status).toBe(200);
});

it('fills a token Secret, and removes it with its service account', async () => {
  const { send, cluster } = aSimulatedCluster();
  await send('POST', `${inDefault}/serviceaccounts`, { metadata: { name: 'robot' } });
  await send('POST', `${inDefault}/secrets`, {
    metadata: { name: 's', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
    type: 'kubernetes.io/service-account-token',
  });
  await cluster.settled();
  const { json } = await send('GET', `${inDefault}/secrets/s`);
  expect(Object.keys(json.data).sort()).toEqual(['ca.crt', 'namespace', 'token']);
  const authorization = `Bearer ${Buffer.from(json.data.token, 'base64')}`;
  const me = () => send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { authorization });
  expect((await me()).json.status.userInfo.username).toBe('system:serviceaccount:default:robot');

  await send('DELETE', `${inDefault}/serviceaccounts/robot`);
  await cluster.settled();
  expect((await send('GET', `${inDefault}/secrets/s`)).status).toBe(404);
  expect((await me()).status).toBe(401);
});

it('gathers the rules of roles into those that ask for them, as its own', async () => {
  const { send, cluster } = aSimulatedCluster();
  const selector = { clusterRoleSelectors: [{ matchLabels: { team: 'a' } }] };
  await send('POST', roles, { metadata: { name: 'all' }, aggregationRule: selector, rules: [] });
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
  await send('POST', roles, { metadata: { name: 'one', labels: { team: 'a' } }, rules });
  await cluster.settled();
  const { json } = await send('GET', `${roles}/all`);
  expect(json.rules).toEqual(rules);
  expect(json.metadata.managedFields[0]).toMatchObject({
    manager: 'clusterrole-aggregation-controller',
    operation: 'Apply',
    fieldsV1: { 'f:rules': {} },
  });
});
