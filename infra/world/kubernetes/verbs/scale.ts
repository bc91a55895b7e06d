import type { ApiAnswer } from '../api.ts';
import { answerWith, asKind } from '../http/present.ts';
import { isTrue } from '../http/target.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { ScalePaths } from '../kinds/kinds.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import {
  applyConfiguration,
  scaleVersion,
  trackUpdate,
  withScaledManagers,
  withScaleManagers,
} from '../ownership/index.ts';
import { applyPatch, readPatch } from '../patch/index.ts';
import { badRequest, modified } from '../status.ts';
import { invalid, notValid } from '../validation/index.ts';
import { textOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { plainBody, type WriteOptions, writeOptions } from './options.ts';
import { change, replaceObject } from './write.ts';

interface Scale extends KubeObject {
  spec?: { replicas?: number };
}

/** Of built-in kinds. */
const usual: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };

/** How many replicas are wanted, as one small object of its own, whatever is scaled. */
export function scale(call: Call, verb: string): ApiAnswer {
  const { resource, form, name } = call;
  const before = existing(call);
  const paths = call.subresource?.paths ?? usual;
  if (verb === 'get') return answerWith(scaleOf(before, paths), form);
  const options = writeOptions(call, verb === 'patch' ? 'PatchOptions' : 'UpdateOptions');
  const wanted = changed(call, before, options, verb);
  const given = wanted.metadata?.name ?? name;
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const replicas = wanted.spec?.replicas ?? 0;
  const version = wanted.metadata.resourceVersion;
  if (version && version !== before.metadata.resourceVersion) throw modified(resource, name!);
  if (replicas < 0) {
    const why = notValid('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name!, [why]);
  }
  const scaled = asKind(resource, placed(before, namesIn(paths.specReplicasPath), replicas));
  const after = withScaledManagers(scaled, wanted, fieldsIn(paths.specReplicasPath));
  return answerWith(scaleOf(replaceObject(call, before, after, options), paths), form);
}

/** The Scale as it is asked for, with those who own it. */
function changed(call: Call, before: StoredObject, options: WriteOptions, verb: string): Scale {
  const { request, resource, subresource } = call;
  const paths = subresource?.paths ?? usual;
  const scaled = asKind(resource, before);
  const live = withScaleManagers(scaleOf(before, paths), scaled, fieldsIn(paths.specReplicasPath));
  const ownership = {
    ...change(call, options),
    schema: subresource?.schema,
    isCustom: false,
    apiVersion: scaleVersion,
    resetFields: undefined,
    isServed: () => true,
  };
  const updated = (after: unknown) =>
    trackUpdate({ before: live, after: asWritten(after as Scale) }, ownership);
  if (verb !== 'patch') return updated(plainBody(call));
  const sent = readPatch(request.headers['content-type'], textOf(call), resource);
  if (sent.kind !== 'apply') return updated(applyPatch(live, sent, undefined));
  const force = isTrue(request.query.get('force'));
  return applyConfiguration({ live, config: sent.configuration }, { ...ownership, kind: 'Scale', force });
}

/** Go leaves out no replicas at all, and then nobody owns them. */
const asWritten = (scale: Scale): Scale => ({
  ...scale,
  spec: scale.spec?.replicas ? { replicas: scale.spec.replicas } : {},
});

/** `.spec.replicas`: no other form of path is allowed. */
const namesIn = (path: string): string[] => path.split('.').slice(1);

const fieldsIn = (path: string): string[] => namesIn(path).map((name) => `f:${name}`);

const at = (object: unknown, path: string): unknown =>
  namesIn(path).reduce<unknown>((value, name) => (isObject(value) ? own(value, name) : undefined), object);

function placed<T extends object>(object: T, [name = '', ...rest]: readonly string[], value: number): T {
  const inner = (object as JsonObject)[name];
  return { ...object, [name]: rest.length > 0 ? placed(isObject(inner) ? inner : {}, rest, value) : value };
}

/** Of built-in kinds the labels that are selected by, of custom ones a text that they hold. */
function selectorOf(object: StoredObject, { labelSelectorPath }: ScalePaths): string {
  if (labelSelectorPath !== undefined) return String(at(object, labelSelectorPath) ?? '');
  const selector = at(object, '.spec.selector');
  if (!isObject(selector)) return '';
  return Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : selector)
    .filter(([, value]) => typeof value === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',');
}

function scaleOf(object: StoredObject, paths: ScalePaths): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = at(object, paths.specReplicasPath) as number | undefined;
  const selector = selectorOf(object, paths);
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
    spec: replicas ? { replicas } : {},
    status: {
      replicas: (at(object, paths.statusReplicasPath) as number | undefined) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  };
}
