import type { ApiAnswer, ApiRequest } from '../api.ts';
import { authenticate, credentialWarning, impersonate, requireAccess } from '../auth/index.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { pageNotFound } from '../discovery/answers.ts';
import { discovery } from '../discovery/discovery.ts';
import type { Resource, Subresource } from '../kinds/kinds.ts';
import { inJson } from '../protobuf/decodeProtobuf.ts';
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
import { failsInYaml, formOf } from './form.ts';
import { answerStatus, warned } from './present.ts';
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
  const answered = await answerOrRefuse(cluster, request);
  const warning = credentialWarning(request);
  return warning ? warned(answered, warning) : answered;
}

async function answerOrRefuse(cluster: SimulatedCluster, request: ApiRequest): Promise<ApiAnswer> {
  try {
    return await answer(cluster, request);
  } catch (error) {
    if (error instanceof NoPage) return pageNotFound;
    const failure = error instanceof StatusError ? error : internal(cluster, request, error);
    return answerStatus(failure.status, {
      headers: failure.headers,
      isYaml: failsInYaml(request.headers.accept),
    });
  }
}

function internal(cluster: SimulatedCluster, request: ApiRequest, error: unknown): StatusError {
  cluster.report(error, request);
  const { message } = error as Error;
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
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
  const { verb } = target;
  // What is proxied is not the server's to read, nor its answer to write.
  const isProxied = subresource?.name === 'proxy';
  const call: Call = {
    cluster,
    request: isProxied ? request : inJson(request),
    user,
    resource,
    namespace: resource.isNamespaced ? namespace : undefined,
    name,
    form: formOf(isProxied ? undefined : request.headers.accept, verb === 'list' || verb === 'watch'),
    ...(subresource ? { subresource } : {}),
  };
  const answered = await done(call, target);
  return resource.deprecation === undefined ? answered : warned(answered, resource.deprecation);
}

function done(call: Call, target: Target): ApiAnswer | Promise<ApiAnswer> {
  const { request, resource, subresource } = call;
  const { verb } = target;
  if (subresource) return subresources(call, target);
  if (request.method === 'HEAD' || !suits(verb, call)) throw methodNotAllowed();
  if (verb === 'create' && virtualOf(resource)) return question(call, virtualOf(resource)!);
  if (!resource.verbs.includes(verb) || !verbs[verb]) throw methodNotAllowed();
  return verbs[verb](call);
}

/** Whether the path is of the form that the verb is for: one object, all of a namespace, or all there are. */
function suits(verb: string, { resource, namespace, name }: Call): boolean {
  const isInPlace = !resource.isNamespaced || namespace !== undefined;
  switch (verb) {
    case 'list':
    case 'watch':
      return true;
    case 'create':
    case 'deletecollection':
      return name === undefined && isInPlace;
    default:
      return name !== undefined && isInPlace;
  }
}

/** What is there to be asked. */
function find(
  { kinds }: SimulatedCluster,
  { resource: wanted, verb }: Target,
): { resource: Resource; subresource?: Subresource } {
  if (!wanted) throw new NoPage();
  const { group, version, name, namespace, objectName, rest } = wanted;
  // Built-in groups answer in their own way for what is not in them.
  const nowhere = () => (kinds.isBuiltIn(group) ? noSuchPath() : new NoPage());
  const resource = kinds.resource(group, version, name);
  if (!resource) throw nowhere();
  const isOfNamespace = namespace !== undefined && name !== 'namespaces';
  const isOfAll = namespace === undefined && ['list', 'watch', 'deletecollection'].includes(verb);
  const isMisplaced = resource.isNamespaced
    ? !isOfNamespace && !isOfAll && objectName !== undefined
    : isOfNamespace || (virtualOf(resource) !== undefined && objectName !== undefined);
  if (isMisplaced) throw nowhere();
  if (wanted.subresource === undefined) return { resource };
  const subresource = resource.subresources.find((one) => one.name === wanted.subresource);
  if (!subresource || (rest.length > 0 && subresource.name !== 'proxy')) throw nowhere();
  return { resource, subresource };
}

/** No part of the server has anything to do with it. */
class NoPage extends Error {}
