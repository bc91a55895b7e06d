import type { Resource } from '../kinds/kinds.ts';
import type { KubeObject, OwnerReference } from '../objects.ts';
import { type Cause, qualified } from '../status.ts';
import { forbidden, notSupported, notValid, required, tooLong } from './causes.ts';
import {
  isDnsLabel,
  isDnsSubdomain,
  isLabelValue,
  isPathSegment,
  isQualifiedName,
  type Rule,
} from './words.ts';

/** Kinds whose names are no DNS subdomains. */
const nameRules: Readonly<Record<string, Rule>> = {
  namespaces: isDnsLabel,
  services: isDnsLabel,
  'roles.rbac.authorization.k8s.io': isPathSegment,
  'rolebindings.rbac.authorization.k8s.io': isPathSegment,
  'clusterroles.rbac.authorization.k8s.io': isPathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': isPathSegment,
  'certificatesigningrequests.certificates.k8s.io': isPathSegment,
};

const annotationsLimit = 256 * 1024;

export function checkMetadata(resource: Resource, object: KubeObject): Cause[] {
  const { metadata } = object;
  const rule = nameRules[qualified(resource)] ?? isDnsSubdomain;
  const causes: Cause[] = [];
  if (metadata.generateName) {
    const prefix = withoutLastDash(metadata.generateName, rule);
    causes.push(...rule(prefix).map((why) => notValid('metadata.generateName', metadata.generateName, why)));
  }
  if (!metadata.name) causes.push(required('metadata.name', 'name or generateName is required'));
  else causes.push(...rule(metadata.name).map((why) => notValid('metadata.name', metadata.name, why)));

  if (!resource.isNamespaced) {
    if (metadata.namespace) causes.push(forbidden('metadata.namespace', 'not allowed on this type'));
  } else if (!metadata.namespace) causes.push(required('metadata.namespace'));
  else
    causes.push(
      ...isDnsLabel(metadata.namespace).map((why) => notValid('metadata.namespace', metadata.namespace, why)),
    );

  return [
    ...causes,
    ...checkLabels(metadata.labels ?? {}, 'metadata.labels'),
    ...checkAnnotations(metadata.annotations ?? {}),
    ...checkOwners(metadata.ownerReferences ?? []),
    ...checkFinalizers(metadata.finalizers ?? []),
    ...checkManagers(object),
    ...(resource.isCustom ? [] : checkUnqualifiedFinalizers(metadata.finalizers ?? [])),
  ];
}

/** What an update may not do, beside what is wrong with any object. */
export function checkMetadataUpdate({ metadata }: KubeObject, { metadata: before }: KubeObject): Cause[] {
  const causes: Cause[] = [];
  if (before.deletionTimestamp) {
    const extra = (metadata.finalizers ?? []).filter((name) => !before.finalizers?.includes(name)).toSorted();
    if (extra.length > 0) {
      const listed = extra.map((name) => JSON.stringify(name)).join(', ');
      const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`;
      causes.push(forbidden('metadata.finalizers', why));
    }
  }
  for (const name of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const) {
    if ((metadata[name] ?? '') !== (before[name] ?? '')) {
      causes.push(notValid(`metadata.${name}`, metadata[name] ?? '', 'field is immutable'));
    }
  }
  return causes;
}

/** More will be appended to a prefix, so it may end with a dash. */
function withoutLastDash(prefix: string, rule: Rule): string {
  return rule !== isPathSegment && prefix.length > 1 && prefix.endsWith('-')
    ? `${prefix.slice(0, -2)}a`
    : prefix;
}

export function checkLabels(labels: Record<string, string>, field: string): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...isQualifiedName(key).map((why) => notValid(field, key, why)),
    ...isLabelValue(value).map((why) => notValid(field, value, why)),
  ]);
}

function checkAnnotations(annotations: Record<string, string>): Cause[] {
  const field = 'metadata.annotations';
  let size = 0;
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    causes.push(...isQualifiedName(key.toLowerCase()).map((why) => notValid(field, key, why)));
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  return size > annotationsLimit ? [...causes, tooLong(field, annotationsLimit)] : causes;
}

function checkOwners(owners: readonly OwnerReference[]): Cause[] {
  const causes: Cause[] = [];
  let controller: string | undefined;
  for (const [index, owner] of owners.entries()) {
    const field = `metadata.ownerReferences[${index}]`;
    if (!owner.apiVersion) causes.push(required(`${field}.apiVersion`, 'must not be empty'));
    else if (!/^([^/]+\/)?[^/]+$/.test(owner.apiVersion)) {
      causes.push(
        notValid(`${field}.apiVersion`, owner.apiVersion, 'must be <group>/<version> or <version>'),
      );
    }
    for (const name of ['kind', 'name', 'uid'] as const) {
      if (!owner[name]) causes.push(required(`${field}.${name}`, 'must not be empty'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      causes.push(notValid(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (!owner.controller) continue;
    const called = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = called;
    else {
      causes.push(
        notValid(
          'metadata.ownerReferences',
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${called}`,
        ),
      );
    }
  }
  return causes;
}

function checkFinalizers(finalizers: readonly string[]): Cause[] {
  const field = 'metadata.finalizers';
  const causes = finalizers.flatMap((name) => isQualifiedName(name).map((why) => notValid(field, name, why)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    causes.push(notValid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return causes;
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function checkUnqualifiedFinalizers(finalizers: readonly string[]): Cause[] {
  return finalizers.flatMap((name, index) => checkStandardFinalizer(name, `metadata.finalizers[${index}]`));
}

/** Without a domain only those of Kubernetes itself are allowed. */
export const checkStandardFinalizer = (name: string, field: string): Cause[] =>
  name.includes('/') || standardFinalizers.has(name)
    ? []
    : [notValid(field, name, 'name is neither a standard finalizer name nor is it fully qualified')];

function checkManagers({ metadata }: KubeObject): Cause[] {
  return (metadata.managedFields ?? []).flatMap(({ operation, fieldsType, manager, subresource }, index) => {
    const field = `metadata.managedFields[${index}]`;
    const causes: Cause[] = [];
    if (!operation) causes.push(required(`${field}.operation`, 'must not be empty'));
    else if (operation !== 'Apply' && operation !== 'Update') {
      causes.push(notSupported(`${field}.operation`, operation, ['Apply', 'Update']));
    }
    if (fieldsType && fieldsType !== 'FieldsV1') {
      causes.push(notValid(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`'));
    }
    if (Buffer.byteLength(manager ?? '') > 128) causes.push(tooLong(`${field}.manager`, 128));
    if (Buffer.byteLength(subresource ?? '') > 256) causes.push(tooLong(`${field}.subresource`, 256));
    return causes;
  });
}
