import type { KubeObject, User } from '../objects.ts';
import { badRequest, type Cause } from '../status.ts';
import { invalid, notValid } from '../validation/causes.ts';
import type { AuthCluster } from './authCluster.ts';
import { authorize } from './authorize.ts';
import { aggregated, faultsOf, resolverOf, rulesAmong } from './ruleResolver.ts';
import type { Attributes, PolicyRule } from './rules.ts';
import type { VirtualRequest } from './virtual.ts';

interface Spec {
  resourceAttributes?: Partial<Record<string, string>> | null;
  nonResourceAttributes?: PathQuestion | null;
  user?: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

interface PathQuestion {
  path?: string;
  verb?: string;
}

/** May the requester do it? */
export function selfSubjectAccessReview({ cluster, user, body }: VirtualRequest): KubeObject {
  const spec = specOf(body);
  refuse([...oneQuestion(spec), ...noMetadata(body)]);
  return { ...body, status: verdict(cluster, user, spec) };
}

/** May this user do it? */
export function subjectAccessReview({ cluster, body }: VirtualRequest): KubeObject {
  const spec = specOf(body);
  refuse([...oneQuestion(spec), ...oneSubject(spec), ...noMetadata(body)]);
  return { ...body, status: verdict(cluster, subjectOf(spec), spec) };
}

/** May this user do it in this namespace? */
export function localSubjectAccessReview({ cluster, body, namespace = '' }: VirtualRequest): KubeObject {
  const spec = specOf(body);
  const { namespace: inside = namespace, ...metadata } = body.metadata;
  if (inside !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  refuse([
    ...oneQuestion(spec),
    ...oneSubject(spec),
    ...noMetadata({ ...body, metadata }, 'must be empty except for namespace'),
    ...(asked && (asked.namespace ?? '') !== inside
      ? [
          notValid(
            'spec.resourceAttributes.namespace',
            asked.namespace ?? '',
            'must match metadata.namespace',
          ),
        ]
      : []),
    ...(path
      ? [notValid('spec.nonResourceAttributes', inGo(path), 'disallowed on this kind of request')]
      : []),
  ]);
  return {
    ...body,
    metadata: { ...body.metadata, namespace },
    status: verdict(cluster, subjectOf(spec), spec),
  };
}

/** All that the requester may do in a namespace. */
export function selfSubjectRulesReview({ cluster, user, body }: VirtualRequest): KubeObject {
  const { namespace } = (body.spec ?? {}) as { namespace?: string };
  if (!namespace) throw badRequest('no namespace on request');
  const found = [...resolverOf(cluster.objects).of(user, namespace)];
  const rules = rulesAmong(found);
  const faults = faultsOf(found);
  return {
    kind: body.kind,
    apiVersion: body.apiVersion,
    metadata: {},
    spec: {},
    status: {
      resourceRules: rules.filter(({ resources }) => resources?.length).map(resourceRule),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
      ...(faults.length > 0 ? { evaluationError: aggregated(faults) } : {}),
    },
  };
}

const resourceRule = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule) => ({
  verbs,
  ...(apiGroups?.length ? { apiGroups } : {}),
  resources,
  ...(resourceNames?.length ? { resourceNames } : {}),
});

const specOf = (body: KubeObject): Spec => (body.spec ?? {}) as Spec;

const subjectOf = ({ user = '', groups = [], uid, extra }: Spec): User => ({
  name: user,
  groups,
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
});

function verdict(cluster: AuthCluster, user: User, spec: Spec) {
  const { allowed, reason } = authorize(cluster, user, askedBy(spec));
  return { allowed, ...(reason ? { reason } : {}) };
}

function askedBy({ resourceAttributes: asked, nonResourceAttributes: path }: Spec): Attributes {
  if (!asked) return { verb: path?.verb ?? '', path: path?.path ?? '' };
  const { verb = '', group = '', resource = '', subresource, namespace, name } = asked;
  return { verb, group, resource, subresource, namespace, name };
}

function oneQuestion({ resourceAttributes: asked, nonResourceAttributes: path }: Spec): Cause[] {
  if (Boolean(asked) !== Boolean(path)) return [];
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [notValid('spec', path && inGo(path), why)];
}

/** The server shows the value as its own structure. */
const inGo = ({ path = '', verb = '' }: PathQuestion) => ({ Path: path, Verb: verb });

const oneSubject = ({ user, groups }: Spec): Cause[] =>
  user || groups?.length
    ? []
    : [notValid('spec.user', '', 'at least one of user or group must be specified')];

function noMetadata({ metadata }: KubeObject, why = 'must be empty'): Cause[] {
  const { managedFields: _fields, ...kept } = metadata;
  return Object.keys(kept).length === 0 ? [] : [notValid('metadata', metadata, why)];
}

/** The server names no kind here. */
function refuse(causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', causes);
}
