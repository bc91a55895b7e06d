import type { ApiAnswer } from '../api.ts';
import { answerObject } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { finish } from './delete.ts';
import { existing } from './get.ts';
import { writeOptions } from './options.ts';
import { isOver } from './write.ts';

/** A namespace's own finalizers stand in its spec, and only here can they be changed. */
export function finalize(call: Call): ApiAnswer {
  const { cluster, resource } = call;
  const { isDryRun } = writeOptions(call, 'UpdateOptions');
  const { object } = bodyOf(call, 'UpdateOptions');
  const before = existing(call);
  const finalizers = (object.spec as { finalizers?: string[] } | undefined)?.finalizers;
  const next: StoredObject = { ...before, spec: finalizers?.length ? { finalizers } : {} };
  if (isOver(resource, next)) return answerObject(call, finish(cluster, resource, next, isDryRun));
  return answerObject(call, isDryRun ? next : cluster.objects.put(resource, next));
}
