import type { ApiAnswer } from '../api.ts';
import { answerObject } from '../http/present.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { writeOptions } from './options.ts';
import { createObject } from './write.ts';

export function create(call: Call): ApiAnswer {
  const options = writeOptions(call, 'CreateOptions');
  const { object, warnings } = bodyOf(call, 'CreateOptions');
  return answerObject(call, createObject(call, object, options), 201, warnings);
}
