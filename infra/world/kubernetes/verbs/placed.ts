import type { KubeObject, ObjectMeta } from '../objects.ts';
import { badRequest } from '../status.ts';
import { inNamespace } from './body.ts';
import type { Call } from './call.ts';

/** What a PUT or a patch makes of an object is still called as the path says. */
export function placed({ resource, name, namespace }: Call, object: KubeObject): KubeObject {
  // A patch may leave no metadata at all.
  const { name: given } = (object.metadata ?? {}) as ObjectMeta;
  if (!given)
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  return inNamespace(object, resource.isNamespaced ? namespace : undefined);
}
