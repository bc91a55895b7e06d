import type { ApiAnswer } from '../api.ts';
import { answerStatus } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { badRequest, conflict, type Status } from '../status.ts';
import type { Call } from './call.ts';
import { type DeleteOptions, removeObject } from './delete.ts';
import { existing } from './get.ts';
import { plainBody } from './options.ts';

const created: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** A delete that may be refused for the sake of a budget; budgets are not simulated. */
export function evict(call: Call): ApiAnswer {
  const { deleteOptions = {} } = plainBody(call) as { deleteOptions?: DeleteOptions };
  const dryRun = call.request.query.getAll('dryRun');
  removeObject(call, existing(call), { ...deleteOptions, ...(dryRun.length > 0 ? { dryRun } : {}) });
  return answerStatus(created);
}

/** What the scheduler writes. */
export function bind(call: Call): ApiAnswer {
  const { cluster, resource, name } = call;
  const pod = existing(call) as StoredObject & { spec: { nodeName?: string } };
  const { target } = plainBody(call) as { target?: { name?: string } };
  if (!target?.name) throw badRequest('target.name: Required value');
  if (pod.spec.nodeName)
    throw conflict(
      { group: '', name: 'pods/binding' },
      name!,
      `pod ${name} is already assigned to node "${pod.spec.nodeName}"`,
    );
  cluster.objects.put(resource, { ...pod, spec: { ...pod.spec, nodeName: target.name } });
  return answerStatus(created);
}
