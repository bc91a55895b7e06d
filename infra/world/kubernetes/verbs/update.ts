import type { ApiAnswer } from '../api.ts';
import { answerObject } from '../http/present.ts';
import { conflict } from '../status.ts';
import { keyOf } from '../store/objects.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { isBornByUpdate } from './lifecycle.ts';
import { writeOptions } from './options.ts';
import { placed } from './placed.ts';
import { createObject, updateObject } from './write.ts';

export function update(call: Call): ApiAnswer {
  const { cluster, resource, namespace, name } = call;
  const options = writeOptions(call, 'UpdateOptions');
  const { object: given, warnings } = bodyOf(call, 'UpdateOptions');
  const object = placed(call, given);
  const isThere = cluster.objects.shelf(resource).text(keyOf(namespace, name!)) !== undefined;
  if (!isThere && !call.subresource && isBornByUpdate(resource))
    return answerObject(call, createObject(call, object, options), 201, warnings);
  const before = existing(call);
  const { uid } = object.metadata;
  if (uid !== undefined && uid !== before.metadata.uid)
    throw conflict(
      resource,
      name!,
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.name}/${keyOf(call.namespace, name!)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  return answerObject(call, updateObject(call, before, object, options), 200, warnings);
}
