import type { ApiAnswer } from '../api.ts';
import type { Target } from '../http/target.ts';
import { methodNotAllowed } from '../status.ts';
import type { Call } from './call.ts';
import { finalize } from './finalize.ts';
import { get } from './get.ts';
import { log } from './log.ts';
import { patch } from './patch.ts';
import { bind, evict } from './pods.ts';
import { proxy } from './proxy.ts';
import { question, virtualOf } from './question.ts';
import { scale } from './scale.ts';
import { update } from './update.ts';

/** Parts of an object with a path, rights or effects of their own. */
export function subresources(call: Call, target: Target): ApiAnswer | Promise<ApiAnswer> {
  const { resource, subresource } = call;
  const { verb } = target;
  if (!subresource!.verbs.includes(verb) && subresource!.name !== 'proxy') throw methodNotAllowed();
  switch (subresource!.name) {
    case 'scale':
      return scale(call, verb);
    case 'finalize':
      return finalize(call);
    case 'eviction':
      return evict(call);
    case 'binding':
      return bind(call);
    case 'log':
      return log(call);
    case 'proxy':
      return proxy(call, target.resource!.rest);
    case 'token':
      return question(call, virtualOf(resource, 'token')!);
    default:
      return whole(call, verb);
  }
}

/** `status` and its like: the object itself, of which the write takes a part. */
function whole(call: Call, verb: string): ApiAnswer {
  if (verb === 'get') return get(call);
  return verb === 'patch' ? patch(call) : update(call);
}
