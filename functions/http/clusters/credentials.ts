import { type ClusterData, type ClustersData, clusterError, type Usable } from '#clusters';
import type { Api } from '../api.ts';
import { endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { outward } from '../outside.ts';
import { answerRecord } from '../record.ts';
import { changeRow, findWritable, pathOf, presentOne } from '../recordRoutes.ts';
import { idParams } from '../schemas.ts';
import { refusedSchema } from './answers.ts';
import { rotateSchema, uncheckedQuery } from './bodies.ts';
import { clusterIn } from './clusterKind.ts';
import { prepare } from './connect.ts';
import { withSecret } from './edit.ts';

/** Rotation in place: the same record, the same server, the same cluster; another credential. */
export function credentialsRoute(api: Api, kind: Kind<ClustersData>): void {
  endpoint(
    api,
    {
      method: 'put',
      path: pathOf(kind, '/{id}/credentials'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Give a cluster another credential, in place',
      description:
        'It is tried first, at the same server and against the same kube-system UID. Of a kubeconfig the server must be the one that is stored.',
      params: idParams,
      query: uncheckedQuery,
      body: rotateSchema,
      ifMatch: 'required',
      problems: [409, 422, ...outward],
      evidence: { 422: refusedSchema },
      answers: { 200: { description: 'With the new credential, as it may be seen.', schema: kind.schema } },
    },
    async (call) => {
      const found = await findWritable(kind, call);
      const { id, name } = found;
      const before = clusterIn(found);
      const unchecked = call.query.unchecked ?? false;
      const version = before.access.credential.version + 1;
      const { credential } = call.body;
      const wish = { id, of: id, version, body: { credential }, unchecked };
      const prepared = await prepare(api.ports.couriers, wish, call);
      refuseElsewhere(before, prepared, name);
      const row = await changeRow(kind, call, 'cluster.credentials', (now) => ({
        ...withSecret(clusterIn(now), prepared, now.name),
        events: [{ type: 'cluster.credentials-rotated' }],
      }));
      return answerRecord(call.c, row.version, await presentOne(kind, row, call));
    },
  );
}

function refuseElsewhere({ access, uid }: ClusterData, prepared: Usable, name: string): void {
  const { server } = prepared.access;
  if (server !== access.server) {
    throw clusterError('CREDENTIAL_FOR_OTHER_SERVER', { name, given: server, server: access.server });
  }
  if (uid !== null && prepared.uid !== null && prepared.uid !== uid) {
    throw clusterError('CREDENTIAL_FOR_OTHER_CLUSTER', { name, given: prepared.uid, uid });
  }
}
