import type { ApiAnswer } from '../api.ts';
import { type VirtualHandler, virtual } from '../auth/index.ts';
import { answerWith, presented } from '../http/present.ts';
import type { Resource } from '../kinds/kinds.ts';
import { trackUpdate } from '../ownership/index.ts';
import { fillDefaults } from '../validation/index.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { writeOptions } from './options.ts';
import { change } from './write.ts';

export const virtualOf = ({ group, name }: Resource, subresource?: string): VirtualHandler | undefined =>
  virtual[`${group}/${name}${subresource ? `/${subresource}` : ''}`];

/** An object that is a question: it is answered, not stored. */
export function question(call: Call, answer: VirtualHandler): ApiAnswer {
  const { cluster, user, namespace, name } = call;
  const options = writeOptions(call, 'CreateOptions');
  const asked = { ...call, resource: kindOf(call) };
  const { object, warnings } = bodyOf(asked, 'CreateOptions');
  const after = fillDefaults(asked.resource, object);
  const body = trackUpdate({ before: undefined, after }, change(asked, options));
  const answered = answer({ cluster, user, body, namespace, name });
  const shown = call.form.as === 'Table' ? answered : presented(call, answered);
  return answerWith(shown, call.form, 201, warnings);
}

/** What is sent: of a subresource not the object that it is one of. */
function kindOf({ resource, subresource }: Call): Resource {
  if (!subresource) return resource;
  const { group, version, kind, schema } = subresource;
  return { ...resource, group, version, kind, schema };
}
