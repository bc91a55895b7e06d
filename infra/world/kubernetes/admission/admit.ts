import { admitServiceAccount, refuseEscalation } from '../auth/index.ts';
import { isEqual } from '../json.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import { notFound, qualified, StatusError } from '../status.ts';
import type { Call } from '../verbs/call.ts';
import { suffix } from '../verbs/names.ts';
import { withPriority } from './pod.ts';

const namespaces = { group: '', name: 'namespaces' };

/** What stands between a well-formed object and the store: the server's own admission plugins. */
export function admit(call: Call, object: KubeObject, before: StoredObject | undefined): StoredObject {
  const { cluster, user, resource, namespace, name } = call;
  if (!before) mayBeCreatedIn(call, object);
  refuseEscalation(cluster, user, { resource, namespace, pathName: name, object, before });
  const distinct = withDistinctOwners(object);
  if (before || qualified(resource) !== 'pods') return distinct;
  const pod = admitServiceAccount(cluster, distinct, namespace!, () => suffix(cluster.random));
  return withPriority(cluster.objects, pod);
}

function withDistinctOwners(object: KubeObject): KubeObject {
  const { ownerReferences: owners } = object.metadata;
  const distinct = owners?.filter(
    (owner, index) => owners.findIndex((other) => isEqual(other, owner)) === index,
  );
  if (!distinct || distinct.length === owners?.length) return object;
  return { ...object, metadata: { ...object.metadata, ownerReferences: distinct } };
}

/** A namespace must be there, and not on its way out, before anything is created in it. */
function mayBeCreatedIn({ cluster, resource, namespace }: Call, object: KubeObject): void {
  if (!resource.isNamespaced || namespace === undefined) return;
  const home = cluster.objects.get(namespaces, undefined, namespace);
  if (!home) throw notFound(namespaces, namespace);
  if (home.metadata.deletionTimestamp === undefined) return;
  const name = object.metadata.name || object.metadata.generateName || 'Unknown';
  throw new StatusError(
    403,
    'Forbidden',
    `${qualified(resource)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      ...(resource.group ? { group: resource.group } : {}),
      kind: resource.name,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}
