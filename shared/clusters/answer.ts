import { unreachable } from '#errors';
import type { Json } from '#reconcile';
import type { ClusterCall } from './calls.ts';
import { answerNamespaceCall } from './namespaces/calls.ts';
import { checkStored, prepareSecret, validateConnection } from './prepare/index.ts';
import type { WorkerParts } from './worker.ts';

/** What the HTTP function asks for and waits for; see calls.ts. */
export async function answerCall(parts: WorkerParts, call: ClusterCall): Promise<Json> {
  switch (call.do) {
    case 'validate':
      return asJson(await validateConnection(parts, call));
    case 'prepare':
      return asJson(await prepareSecret(parts, call));
    case 'check':
      return asJson(await checkStored(parts, call));
    case 'listNamespaces':
    case 'getNamespace':
    case 'createNamespace':
    case 'patchNamespace':
      return answerNamespaceCall(
        {
          records: parts.engine.records,
          clock: parts.clock,
          withConnection: (cluster, by, use) =>
            parts.reach.to(cluster, { visit: 'call', within: call, by }, use),
        },
        call,
      );
    default:
      return unreachable(call);
  }
}

/** Made up of nothing else, which the compiler cannot see of interfaces. */
const asJson = (value: object): Json => value as unknown as Json;
