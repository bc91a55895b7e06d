import type { ApiAnswer } from '../api.ts';
import { answerWith, asKind } from '../http/present.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import { applyPatch, readPatch } from '../patch/index.ts';
import { modified } from '../status.ts';
import { invalid, notValid } from '../validation/index.ts';
import { textOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { plainBody, writeOptions } from './options.ts';
import { updateObject } from './write.ts';

interface Scaled extends StoredObject {
  spec?: { replicas?: number; selector?: { matchLabels?: Record<string, string> } | Record<string, string> };
  status?: { replicas?: number };
}

/** How many replicas are wanted, as one small object of its own, whatever is scaled. */
export function scale(call: Call, verb: string): ApiAnswer {
  const { resource, form, name } = call;
  const before = existing(call) as Scaled;
  if (verb === 'get') return answerWith(scaleOf(before), form);
  const options = writeOptions(call, verb === 'patch' ? 'PatchOptions' : 'UpdateOptions');
  const wanted = verb === 'patch' ? patched(call, before) : (plainBody(call) as unknown as Scaled);
  const replicas = wanted.spec?.replicas ?? 0;
  const version = wanted.metadata?.resourceVersion;
  if (version && version !== before.metadata.resourceVersion) throw modified(resource, name!);
  if (replicas < 0) {
    const why = notValid('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name!, [why]);
  }
  const after = asKind(resource, { ...before, spec: { ...before.spec, replicas } });
  const written = updateObject(call, before, after, options);
  return answerWith(scaleOf(written as Scaled), form);
}

function patched(call: Call, before: Scaled): Scaled {
  const { request, resource } = call;
  const sent = readPatch(request.headers['content-type'], textOf(call), resource);
  const now = scaleOf(before);
  return (sent.kind === 'apply' ? sent.configuration : applyPatch(now, sent, undefined)) as Scaled;
}

function scaleOf({ metadata, spec, status }: Scaled): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = spec?.selector as { matchLabels?: Record<string, string> } | undefined;
  const labels = Object.entries(selector?.matchLabels ?? selector ?? {}).filter(
    ([, value]) => typeof value === 'string',
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: name!,
      namespace: namespace!,
      uid: uid!,
      resourceVersion: resourceVersion!,
      creationTimestamp: creationTimestamp!,
    },
    spec: { ...(spec?.replicas ? { replicas: spec.replicas } : {}) },
    status: {
      replicas: status?.replicas ?? 0,
      ...(labels.length > 0
        ? {
            selector: labels
              .map(([key, value]) => `${key}=${value}`)
              .toSorted()
              .join(','),
          }
        : {}),
    },
  };
}
