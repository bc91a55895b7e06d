import { generateKeyPairSync } from 'node:crypto';
import { type Credentials, ServiceAccountKey } from '../../../../../infra/world/kubernetes/auth/index.ts';
import type { StoredObject, User } from '../../../../../infra/world/kubernetes/objects.ts';
import { type Named, qualified } from '../../../../../infra/world/kubernetes/status.ts';
import { SteppedClock } from '../../../../fixtures/steppedClock.ts';

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

const resourceOf: Readonly<Record<string, Named>> = {
  ServiceAccount: { group: '', name: 'serviceaccounts' },
  Secret: { group: '', name: 'secrets' },
  Pod: { group: '', name: 'pods' },
  Node: { group: '', name: 'nodes' },
  Role: { group: 'rbac.authorization.k8s.io', name: 'roles' },
  ClusterRole: { group: 'rbac.authorization.k8s.io', name: 'clusterroles' },
  RoleBinding: { group: 'rbac.authorization.k8s.io', name: 'rolebindings' },
  ClusterRoleBinding: { group: 'rbac.authorization.k8s.io', name: 'clusterrolebindings' },
};

/** A cluster with these objects: `namespace/name` tells where, `uid` is the name unless given. */
export function aCluster(
  given: { kind: string; at: string; [field: string]: unknown }[] = [],
  tokens: Record<string, User> = {},
) {
  const objects = new MemoryObjects();
  for (const { kind, at, metadata, ...rest } of given) {
    const [name = '', namespace] = at.split('/').reverse();
    objects.put(resourceOf[kind]!, {
      ...rest,
      metadata: { name, uid: name, ...(namespace ? { namespace } : {}), ...(metadata as object) },
    });
  }
  const credentials: Credentials = {
    tokens: new Map(Object.entries(tokens)),
    serviceAccountKey: new ServiceAccountKey(privateKey),
    caCertificate: '-----BEGIN CERTIFICATE-----\n',
  };
  return { clock: new SteppedClock(), objects, credentials };
}

class MemoryObjects {
  #revision = 0;
  readonly #all = new Map<string, StoredObject>();

  put(resource: Named, object: StoredObject): void {
    this.#revision++;
    this.#all.set(this.#key(resource, object.metadata.namespace, object.metadata.name!), object);
  }

  remove(resource: Named, namespace: string | undefined, name: string): void {
    this.#revision++;
    this.#all.delete(this.#key(resource, namespace, name));
  }

  get(resource: Named, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.#all.get(this.#key(resource, namespace, name));
  }

  list(resource: Named, namespace?: string): StoredObject[] {
    const prefix = this.#key(resource, namespace, '');
    const keys = [...this.#all.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => this.#all.get(key)!);
  }

  revisionOf(): number {
    return this.#revision;
  }

  #key(resource: Named, namespace: string | undefined, name: string): string {
    return `${qualified(resource)}/${namespace ? `${namespace}/` : ''}${name}`;
  }
}
