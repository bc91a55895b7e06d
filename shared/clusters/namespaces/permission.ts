import { errorsOf } from '#errors';
import { type KubeConnection, kubernetesErrors, may, whoAmI } from '#kubernetes';
import { missingManifest, subjectOf } from '../accessManifest/accessManifest.ts';
import type { Permission } from '../accessManifest/permissions.ts';

const fail = errorsOf(kubernetesErrors);

/** Asked before anything is written; what is missing is told with the manifest that grants just that. */
export async function requireLeave(
  connection: KubeConnection,
  server: string,
  verbs: readonly string[],
): Promise<void> {
  const needed = verbs.map(
    (verb): Permission => ({
      capability: 'namespaces',
      verb,
      group: '',
      resource: 'namespaces',
      namespace: null,
      name: null,
    }),
  );
  const allowed = await Promise.all(
    needed.map(({ verb, resource }) => may(connection, { verb, resource }).then((answer) => answer.allowed)),
  );
  const missing = needed.filter((_, index) => !allowed[index]);
  if (missing.length === 0) return;
  const identity = await whoAmI(connection);
  const { hostname: host, port } = new URL(server);
  throw fail(
    'PERMISSION_MISSING',
    {
      user: identity?.username ?? 'Drover',
      permissions: missing.map(({ verb }) => `${verb} namespaces`).join(', '),
      host,
      port: port || '443',
    },
    { members: identity ? { manifest: missingManifest(missing, subjectOf(identity.username)) } : {} },
  );
}
