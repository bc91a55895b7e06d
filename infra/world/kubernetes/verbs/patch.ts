import type { ApiAnswer } from '../api.ts';
import { answerObject, asKind } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { applyPatch, type Patch, readPatch, shownPatch } from '../patch/index.ts';
import { badRequest, type Cause } from '../status.ts';
import { keyOf } from '../store/objects.ts';
import { decodePatched } from '../validation/index.ts';
import { fieldValidationOf, textOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { invalidOptions, writeOptions } from './options.ts';
import { placed } from './placed.ts';
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
  const live = asKind(resource, before);
  const patched = applyPatch(live, sent, resource.schema);
  const { object, warnings } = decodePatched(resource, patched, {
    fieldValidation: fieldValidationOf(call, 'PatchOptions'),
    shown: shownPatch(sent, patched, { live, isCustom: resource.isCustom }),
    strict: sent.strict,
    isStrategic: sent.kind === 'strategic',
  });
  return answerObject(call, updateObject(call, before, placed(call, object), options), 200, warnings);
}

function apply(call: Call, { configuration, strict }: Extract<Patch, { kind: 'apply' }>): ApiAnswer {
  const { cluster, resource, request, name, namespace } = call;
  if (!request.query.get('fieldManager')) throw invalidOptions('PatchOptions', [managerRequired]);
  const options = writeOptions(call, 'PatchOptions');
  const text = cluster.objects.shelf(resource).text(keyOf(namespace, name!));
  const before = text === undefined ? undefined : (JSON.parse(text) as StoredObject);
  const fieldValidation = fieldValidationOf(call, 'PatchOptions');
  if (fieldValidation === 'Strict' && strict.length > 0)
    throw badRequest(`error strict decoding patch: error converting YAML to JSON: ${strict.join('\n')}`);
  const { object, isNew } = applyObject(call, before, configuration, options);
  const warnings = fieldValidation === 'Warn' ? strict.flatMap(linesOf) : [];
  return answerObject(call, object, isNew ? 201 : 200, warnings);
}

/** Below a heading, the lines of a YAML text that say something twice. */
const linesOf = (problem: string): string[] => problem.split('\n  ').slice(1);

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
