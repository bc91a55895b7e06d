import type { ApiAnswer } from '../api.ts';
import { type VirtualHandler, virtual } from '../auth/index.ts';
import { answerWith, presented } from '../http/present.ts';
import type { Resource } from '../kinds/kinds.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { writeOptions } from './options.ts';

export const virtualOf = ({ group, name }: Resource, subresource?: string): VirtualHandler | undefined =>
  virtual[`${group}/${name}${subresource ? `/${subresource}` : ''}`];

/** An object that is a question: it is answered, not stored. */
export function question(call: Call, answer: VirtualHandler): ApiAnswer {
  const { cluster, user, namespace, name } = call;
  writeOptions(call, 'CreateOptions');
  const { object, warnings } = bodyOf(call, 'CreateOptions');
  const answered = answer({ cluster, user, body: object, namespace, name });
  return answerWith(presented(call, answered), call.form, 201, warnings);
}
