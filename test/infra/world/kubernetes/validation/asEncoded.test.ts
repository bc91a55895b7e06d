import { expect, it } from 'vitest';
import { aSimulatedCluster } from '../aSimulatedCluster.ts';

const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';

it('keeps an empty list that is always printed as null, owned by whoever wrote it', async () => {
  const { send } = aSimulatedCluster();
  const { json: written } = await send('POST', roles, { metadata: { name: 'a' }, rules: [] });
  expect(written.rules).toBeNull();
  expect(written.metadata.managedFields[0].fieldsV1).toEqual({ 'f:rules': {} });
  const { json: unwritten } = await send('POST', roles, { metadata: { name: 'b' } });
  expect(unwritten.rules).toBeNull();
  expect(unwritten.metadata).not.toHaveProperty('managedFields');
});
