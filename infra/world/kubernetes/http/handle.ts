import type { ApiAnswer, ApiRequest } from '../api.ts';
import { authenticate, impersonate, requireAccess } from '../auth/index.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { pageNotFound } from '../discovery/answers.ts';
import { discovery } from '../discovery/discovery.ts';
import type { Resource, Subresource } from '../kinds/kinds.ts';
import { methodNotAllowed, noSuchPath, StatusError } from '../status.ts';
import type { Call } from '../verbs/call.ts';
import { create } from '../verbs/create.ts';
import { remove, removeAll } from '../verbs/delete.ts';
import { get } from '../verbs/get.ts';
import { list } from '../verbs/list.ts';
import { patch } from '../verbs/patch.ts';
import { question, virtualOf } from '../verbs/question.ts';
import { subresources } from '../verbs/subresources.ts';
import { update } from '../verbs/update.ts';
import { watch } from '../verbs/watch.ts';
import { formOf } from './form.ts';
import { answerStatus } from './present.ts';
import { attributesOf, type Target, targetOf } from './target.ts';

type Verb = (call: Call) => ApiAnswer | Promise<ApiAnswer>;

const verbs: Readonly<Record<string, Verb>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeAll,
};

/** One request, from who asks to what is answered. Never throws. */
export async function handle(cluster: SimulatedCluster, request: ApiRequest): Promise<ApiAnswer> {
  try {
    return await answer(cluster, request);
  } catch (error) {
    if (error instanceof NoPage) return pageNotFound;
    if (error instanceof StatusError) return answerStatus(error.status, error.headers);
    cluster.report(error, request);
    const message = `Internal error occurred: ${(error as Error).message}`;
    const broken = new StatusError(500, 'InternalError', message, {
      causes: [{ message: (error as Error).message }],
    });
    return answerStatus(broken.status);
  }
}

async function answer(cluster: SimulatedCluster, request: ApiRequest): Promise<ApiAnswer> {
  const target = targetOf(request);
  const asked = attributesOf(target);
  const user = impersonate(cluster, authenticate(cluster, request), request.headers, asked);
  requireAccess(cluster, user, asked);
  const special = discovery(cluster.kinds, request, cluster);
  if (special) return special;
  const { resource, subresource } = find(cluster, target);
  const { namespace, objectName: name } = target.resource!;
  if (
    resource.isNamespaced &&
    namespace === undefined &&
    !['list', 'watch', 'deletecollection'].includes(target.verb)
  )
    throw nowhere(cluster, target);
  const form = formOf(request.headers.accept);
  const call: Call = {
    cluster,
    request,
    user,
    resource,
    namespace: resource.isNamespaced ? namespace : undefined,
    name,
    form,
  };
  if (target.resource!.subresource !== undefined) {
    if (!subresource) throw nowhere(cluster, target);
    return subresources({ ...call, subresource }, target);
  }
  if (target.verb === 'create' && virtualOf(resource)) return question(call, virtualOf(resource)!);
  if (!resource.verbs.includes(target.verb) || !verbs[target.verb]) throw methodNotAllowed();
  return verbs[target.verb]!(call);
}

function find(cluster: SimulatedCluster, target: Target): { resource: Resource; subresource?: Subresource } {
  const wanted = target.resource;
  const resource = wanted && cluster.kinds.resource(wanted.group, wanted.version, wanted.name);
  const isInNamespace = wanted?.namespace !== undefined && wanted.name !== 'namespaces';
  if (!resource || (isInNamespace && !resource.isNamespaced)) throw nowhere(cluster, target);
  const subresource = resource.subresources.find(({ name }) => name === wanted.subresource);
  return { resource, ...(subresource ? { subresource } : {}) };
}

/** The server has no handler there, and says so in plain text. */
class NoPage extends Error {}

/** The routes of built-in groups say it in words of their own. */
const nowhere = ({ kinds }: SimulatedCluster, { resource }: Target): Error =>
  resource && kinds.isBuiltIn(resource.group) ? noSuchPath() : new NoPage();
