import type { ApiAnswer } from '../api.ts';
import { answerObject, asKind } from '../http/present.ts';
import type { KubeObject, ObjectMeta, StoredObject } from '../objects.ts';
import { applyPatch, type Patch, readPatch, shownPatch } from '../patch/index.ts';
import { badRequest, type Cause } from '../status.ts';
import { keyOf } from '../store/objects.ts';
import { decodePatched, parsePatch } from '../validation/index.ts';
import { fieldValidationOf, inNamespace, textOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { invalidOptions, writeOptions } from './options.ts';
import { applyObject, updateObject } from './write.ts';

export function patch(call: Call): ApiAnswer {
  const { resource, request } = call;
  const sent = readPatch(request.headers['content-type'], textOf(call), resource);
  return sent.kind === 'apply' ? apply(call, sent) : change(call, sent);
}

/** A patch is an update of what is there now: only a resourceVersion in it makes it depend on what the client saw. */
function change(call: Call, sent: Exclude<Patch, { kind: 'apply' }>): ApiAnswer {
  const { resource, request } = call;
  if (request.query.has('force')) throw invalidOptions('PatchOptions', [forceForbidden]);
  const options = writeOptions(call, 'PatchOptions');
  const before = existing(call);
  const patched = applyPatch(asKind(resource, before), sent, resource.schema);
  const { object, warnings } = decodePatched(resource, patched, {
    fieldValidation: fieldValidationOf(call, 'PatchOptions'),
    shown: shownPatch(sent, patched),
    strict: parsePatch(textOf(call), 'json').strict,
  });
  return answerObject(call, updateObject(call, before, placed(call, object), options), 200, warnings);
}

function apply(call: Call, { configuration }: Extract<Patch, { kind: 'apply' }>): ApiAnswer {
  const { cluster, resource, request, name, namespace } = call;
  if (!request.query.get('fieldManager')) throw invalidOptions('PatchOptions', [managerRequired]);
  const options = writeOptions(call, 'PatchOptions');
  const text = cluster.objects.shelf(resource).text(keyOf(namespace, name!));
  const before = text === undefined ? undefined : (JSON.parse(text) as StoredObject);
  // The name may be left out of a configuration, and only there.
  const { metadata = {} } = configuration as { metadata?: ObjectMeta };
  placed(call, { ...configuration, metadata: { ...metadata, name: metadata.name ?? name! } } as KubeObject);
  const { object, isNew } = applyObject(call, before, configuration, options);
  return answerObject(call, object, isNew ? 201 : 200);
}

function placed({ resource, name, namespace }: Call, object: KubeObject): KubeObject {
  const given = object.metadata.name;
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  return inNamespace(object, resource.isNamespaced ? namespace : undefined);
}

const managerRequired: Cause = {
  reason: 'FieldValueRequired',
  message: 'Required value: is required for apply patch',
  field: 'fieldManager',
};

const forceForbidden: Cause = {
  reason: 'FieldValueForbidden',
  message: 'Forbidden: may not be specified for non-apply patch',
  field: 'force',
};
