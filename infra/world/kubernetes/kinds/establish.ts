import type { KubeObject, StoredObject } from '../objects.ts';
import type { Condition, Definition, DefinitionStatus, Names } from './definition.ts';
import type { Resource } from './kinds.ts';

/**
 * The definition with the status that the real server's controllers give it: its names accepted unless another
 * definition of the group has them, and then established for good.
 */
export function establish(definition: KubeObject, declared: readonly Resource[], at: string): KubeObject {
  const { spec, status } = definition as Definition;
  const before: Partial<DefinitionStatus> = status ?? {};
  const { acceptedNames, conflict } = accept(
    spec.names,
    before.acceptedNames ?? { plural: '', kind: '' },
    declared.filter(({ group }) => group === spec.group),
  );
  let conditions = before.conditions ?? [];
  const set = (type: string, isTrue: boolean, reason: string, message: string) => {
    conditions = withCondition(conditions, {
      lastTransitionTime: at,
      message,
      reason,
      status: isTrue ? 'True' : 'False',
      type,
    });
  };
  const isEstablished = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  if (conflict) {
    set('NamesAccepted', false, conflict.reason, conflict.message);
    if (!isEstablished) set('Established', false, 'NotAccepted', 'not all names are accepted');
  } else {
    set('NamesAccepted', true, 'NoConflicts', 'no conflicts found');
    if (!isEstablished)
      set('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted');
  }
  const approval = approvalOf(definition as Definition);
  if (approval) set('KubernetesAPIApprovalPolicyConformant', ...approval);
  const stored = spec.versions.find(({ storage }) => storage)!.name;
  return {
    ...definition,
    status: {
      acceptedNames,
      conditions,
      storedVersions: [...new Set([...(before.storedVersions ?? []), stored])],
    },
  };
}

export const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** A definition at the moment when its deletion is asked for: it waits for its objects to go. */
export function condemn<T extends StoredObject>(definition: T, at: string): T {
  const { finalizers = [], ...metadata } = definition.metadata;
  return {
    ...terminating(definition, at, {
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    }),
    metadata: { ...metadata, deletionTimestamp: at, finalizers: [...new Set([...finalizers, cleanup])] },
  };
}

/** While its objects go. */
export const terminate = <T extends StoredObject>(definition: T, at: string): T =>
  terminating(definition, at, {
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  });

function terminating<T extends StoredObject>(definition: T, at: string, why: Why): T {
  const { conditions, ...status } = (definition as { status?: Definition['status'] }).status ?? {};
  const next: Condition = { lastTransitionTime: at, ...why, status: 'True', type: 'Terminating' };
  return { ...definition, status: { ...status, conditions: withCondition(conditions ?? [], next) } };
}

interface Why {
  reason: string;
  message: string;
}

/** Each name by itself: those that are free are taken even where another is not. */
function accept(
  wanted: Names,
  before: Names,
  others: readonly Resource[],
): { acceptedNames: Names; conflict: Why | undefined } {
  const resources = new Set(
    others.flatMap(({ name, singular, shortNames }) => [name, singular, ...shortNames]),
  );
  const kinds = new Set(others.flatMap(({ kind, listKind }) => [kind, listKind]));
  const clash = (used: ReadonlySet<string>, name: string | undefined, accepted: string | undefined) =>
    name !== undefined && name !== accepted && used.has(name) ? `"${name}" is already in use` : undefined;
  const names: Names = { ...before };
  let conflict: Why | undefined;
  const take = (field: keyof Names, message: string | undefined) => {
    if (message) conflict = { reason: `${field[0]!.toUpperCase()}${field.slice(1)}Conflict`, message };
    else if (wanted[field] !== undefined) Object.assign(names, { [field]: wanted[field] });
    else delete names[field];
  };
  take('plural', clash(resources, wanted.plural, before.plural));
  take('singular', clash(resources, wanted.singular, before.singular));
  const clashes = (wanted.shortNames ?? [])
    .filter((name) => !before.shortNames?.includes(name))
    .map((name) => clash(resources, name, undefined))
    .filter((message) => message !== undefined);
  take('shortNames', clashes.length > 1 ? `[${clashes.join(', ')}]` : clashes[0]);
  take('kind', clash(kinds, wanted.kind, before.kind));
  take('listKind', clash(kinds, wanted.listKind, before.listKind));
  take('categories', undefined);
  return { acceptedNames: names, conflict };
}

/** The time of a condition is that of its last change of status. */
function withCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const old = conditions.find(({ type }) => type === next.type);
  if (!old) return [...conditions, next];
  const lastTransitionTime = old.status === next.status ? old.lastTransitionTime : next.lastTransitionTime;
  return conditions.map((condition) => (condition === old ? { ...next, lastTransitionTime } : condition));
}

const approvalAnnotation = 'api-approved.kubernetes.io';

/** Groups of the Kubernetes community want their definitions reviewed; the condition only says so. */
function approvalOf({ spec, metadata }: Definition): [boolean, string, string] | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const annotation = metadata.annotations?.[approvalAnnotation] ?? '';
  if (annotation.startsWith('unapproved'))
    return [false, 'UnapprovedAnnotation', `not approved: ${JSON.stringify(annotation)}`];
  if (URL.canParse(annotation)) return [true, 'ApprovedAnnotation', `approved in ${annotation}`];
  const must = `protected groups must have approval annotation "${approvalAnnotation}"`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  return annotation
    ? [false, 'InvalidAnnotation', `${must} with either a URL or a reason starting with "unapproved", ${see}`]
    : [false, 'MissingAnnotation', `${must}, ${see}`];
}
