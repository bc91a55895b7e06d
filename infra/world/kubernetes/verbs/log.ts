import type { ApiAnswer } from '../api.ts';
import { badRequest } from '../status.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';

/** Nothing runs in a simulated pod, so it has nothing to say; before it has a node there is nobody to ask, either. */
export function log(call: Call): ApiAnswer {
  const { request, name } = call;
  const { spec } = existing(call) as { spec?: { nodeName?: string; containers?: { name: string }[] } };
  const names = (spec?.containers ?? []).map((container) => container.name);
  const wanted = request.query.get('container') || (names.length === 1 ? names[0] : undefined);
  if (wanted === undefined)
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
    );
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  return spec?.nodeName
    ? { status: 200, headers: { 'content-type': 'text/plain' }, body: '' }
    : { status: 204, headers: {}, body: '' };
}
