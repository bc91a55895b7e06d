import type { ApiAnswer } from '../api.ts';
import { answerObject } from '../http/present.ts';
import { badRequest } from '../status.ts';
import { keyOf } from '../store/objects.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { isBornByUpdate } from './lifecycle.ts';
import { writeOptions } from './options.ts';
import { createObject, updateObject } from './write.ts';

export function update(call: Call): ApiAnswer {
  const { cluster, resource, namespace, name } = call;
  const options = writeOptions(call, 'UpdateOptions');
  const { object, warnings } = bodyOf(call, 'UpdateOptions');
  const given = object.metadata.name;
  if (!given) throw badRequest('name must be provided');
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const isThere = cluster.objects.shelf(resource).text(keyOf(namespace, name)) !== undefined;
  if (!isThere && !call.subresource && isBornByUpdate(resource))
    return answerObject(call, createObject(call, object, options), 201, warnings);
  return answerObject(call, updateObject(call, existing(call), object, options), 200, warnings);
}
