import type { ApiAnswer } from '../api.ts';
import { answerObject, asKind } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { trackUpdate } from '../ownership/index.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { finish } from './delete.ts';
import { existing } from './get.ts';
import { writeOptions } from './options.ts';
import { change, isOver } from './write.ts';

/** A namespace's own finalizers stand in its spec, and only here can they be changed. */
export function finalize(call: Call): ApiAnswer {
  const { cluster, resource } = call;
  const options = writeOptions(call, 'UpdateOptions');
  const { isDryRun } = options;
  const { object } = bodyOf(call, 'UpdateOptions');
  const before = existing(call);
  const finalizers = (object.spec as { finalizers?: string[] } | undefined)?.finalizers;
  const next: StoredObject = { ...before, spec: finalizers?.length ? { finalizers } : {} };
  if (isOver(resource, next)) return answerObject(call, finish(cluster, resource, next, isDryRun));
  const tracked = trackUpdate(
    { before: asKind(resource, before), after: asKind(resource, next) },
    change(call, options),
  );
  return answerObject(call, isDryRun ? tracked : cluster.objects.put(resource, tracked));
}
