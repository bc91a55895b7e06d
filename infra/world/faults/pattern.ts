import type { ApiRequest } from '../kubernetes/api.ts';
import { type Target, targetOf } from '../kubernetes/http/target.ts';
import { qualified } from '../kubernetes/status.ts';
import type { Pattern, RequestFault } from './fault.ts';

/** Whether the fault meets the request: by its pattern, and because requests like this one are what it is about. */
export function meets(fault: RequestFault, request: ApiRequest): boolean {
  const target = targetOf(request);
  return isAbout(fault, request, target) && (!fault.on || matches(fault.on, request, target));
}

function matches(pattern: Pattern, { method, path }: ApiRequest, target: Target): boolean {
  const { methods, verbs, resources } = pattern;
  return (
    (!methods || methods.includes(method)) &&
    (!pattern.path || glob(pattern.path).test(path)) &&
    (!verbs || verbs.includes(target.verb)) &&
    (!resources || (target.resource !== undefined && resources.includes(nameOf(target.resource))))
  );
}

const nameOf = ({ group, name, subresource }: NonNullable<Target['resource']>): string =>
  subresource ? `${qualified({ group, name })}/${subresource}` : qualified({ group, name });

const healthPaths = /^\/(readyz|healthz)$/;
const deathPaths = /^\/(readyz|healthz|livez)$/;

function isAbout(fault: RequestFault, { path, query }: ApiRequest, { verb, resource }: Target): boolean {
  switch (fault.kind) {
    case 'unready':
      return (fault.isDead ? deathPaths : healthPaths).test(path);
    case 'continueExpired':
      return verb === 'list' && query.has('continue');
    case 'watchDropped':
      return verb === 'watch';
    case 'stale':
      return (verb === 'get' || verb === 'list') && resource !== undefined;
    case 'apiUnavailable':
      return path === '/apis' || path === `/apis/${fault.group}/${fault.version}` || isBelow(fault, path);
    case 'version':
      return path === '/version';
    case 'otherCluster':
      return (verb === 'get' || verb === 'list') && resource?.group === '' && resource.name === 'namespaces';
    default:
      return true;
  }
}

const isBelow = ({ group, version }: { group: string; version: string }, path: string): boolean =>
  path.startsWith(`/apis/${group}/${version}/`);

const globs = new Map<string, RegExp>();

function glob(text: string): RegExp {
  let made = globs.get(text);
  if (!made) {
    const source = text
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('');
    made = new RegExp(`^${source}$`);
    globs.set(text, made);
  }
  return made;
}
