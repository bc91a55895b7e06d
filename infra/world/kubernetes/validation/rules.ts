import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../objects.ts';
import type { Cause } from '../status.ts';
import { forbidden, notSupported, notValid, required, tooLong } from './causes.ts';
import { checkStandardFinalizer } from './metadata.ts';
import { checkSelector } from './selectors.ts';
import { parseJson, SyntaxProblem } from './source.ts';
import { isConfigKey, isDnsSubdomain, isPathSegment, isQualifiedName } from './words.ts';

type Fields = Record<string, unknown>;
type Check = (object: KubeObject, before: KubeObject | undefined) => Cause[];

/** The rules of the kinds that Drover writes, word for word; by resource. Others are held to their schema. */
export const rules: Readonly<Record<string, Check>> = {
  namespaces: (object, before) => (before ? checkPhase(object) : checkSpecFinalizers(object)),
  configmaps: (object, before) => [
    ...checkImmutable(object, before, ['data', 'binaryData']),
    ...checkConfigMap(object),
  ],
  secrets: (object, before) => [
    ...(before && (object.type ?? '') !== (before.type ?? '')
      ? [notValid('type', object.type ?? '', 'field is immutable')]
      : []),
    ...checkImmutable(object, before, ['data']),
    ...checkSecret(object),
  ],
  'roles.rbac.authorization.k8s.io': (object) => checkRules(object, true),
  'clusterroles.rbac.authorization.k8s.io': (object) => [
    ...checkRules(object, false),
    ...checkAggregation(object),
  ],
  'rolebindings.rbac.authorization.k8s.io': (object, before) => checkBinding(object, before, true),
  'clusterrolebindings.rbac.authorization.k8s.io': (object, before) => checkBinding(object, before, false),
};

const sizeLimit = 1024 * 1024;

const stringsOf = (value: unknown) => (value ?? {}) as Record<string, string>;
const listOf = (value: unknown) => (value ?? []) as Fields[];
const sizeOf = (base64: string | null) => Buffer.byteLength(base64 ?? '', 'base64');

function checkPhase({ metadata, status }: KubeObject): Cause[] {
  const { phase } = (status ?? {}) as { phase?: string };
  const [expected, when] = metadata.deletionTimestamp
    ? ['Terminating', 'is not empty']
    : ['Active', 'is empty'];
  return phase === expected
    ? []
    : [notValid('status.Phase', phase ?? '', `may only be '${expected}' if \`deletionTimestamp\` ${when}`)];
}

function checkSpecFinalizers({ spec }: KubeObject): Cause[] {
  const finalizers = ((spec as Fields | undefined)?.finalizers ?? []) as string[];
  const field = 'spec.finalizers';
  return finalizers.flatMap((name) => [
    ...isQualifiedName(name).map((why) => notValid(field, name, why)),
    ...checkStandardFinalizer(name, field),
  ]);
}

function checkImmutable(
  object: KubeObject,
  before: KubeObject | undefined,
  fields: readonly string[],
): Cause[] {
  if (before?.immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  return [
    ...(object.immutable === true ? [] : [forbidden('immutable', why)]),
    ...fields
      .filter((name) => !isDeepStrictEqual(object[name] ?? {}, before[name] ?? {}))
      .map((name) => forbidden(name, why)),
  ];
}

function checkConfigMap(object: KubeObject): Cause[] {
  const data = stringsOf(object.data);
  const binary = stringsOf(object.binaryData);
  const causes: Cause[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    causes.push(...isConfigKey(key).map((why) => notValid(`data[${key}]`, key, why)));
    if (Object.hasOwn(binary, key)) {
      causes.push(notValid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
    size += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(binary)) {
    causes.push(...isConfigKey(key).map((why) => notValid(`binaryData[${key}]`, key, why)));
    size += sizeOf(value);
  }
  // How the server names the whole object.
  return size > sizeLimit ? [...causes, tooLong('[]', sizeLimit)] : causes;
}

/** Keys that a type of secret must have. Of `kubernetes.io/basic-auth` one is enough. */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/basic-auth': ['username', 'password'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function checkSecret(object: KubeObject): Cause[] {
  const data = stringsOf(object.data);
  const causes = Object.keys(data).flatMap((key) =>
    isConfigKey(key).map((why) => notValid(`data[${key}]`, key, why)),
  );
  const size = Object.values(data).reduce((sum, value) => sum + sizeOf(value), 0);
  if (size > sizeLimit) causes.push(tooLong('data', sizeLimit));

  if (object.type === 'kubernetes.io/service-account-token') {
    const name = 'kubernetes.io/service-account.name';
    if (!object.metadata.annotations?.[name]) causes.push(required(`metadata.annotations[${name}]`));
  }
  const keys = secretKeys[String(object.type)] ?? [];
  const missing = keys.filter((key) => !Object.hasOwn(data, key));
  if (object.type !== 'kubernetes.io/basic-auth' || missing.length === keys.length) {
    causes.push(...missing.map((key) => required(`data[${key}]`)));
  }
  for (const key of keys) {
    if (!key.startsWith('.docker') || !Object.hasOwn(data, key)) continue;
    const problem = jsonProblem(Buffer.from(data[key] ?? '', 'base64').toString());
    if (problem) causes.push(notValid(`data[${key}]`, '<secret contents redacted>', problem));
  }
  return causes;
}

function jsonProblem(text: string): string | undefined {
  try {
    const { is } = parseJson(text);
    if (is === 'object' || is === 'null') return undefined;
    return `json: cannot unmarshal ${is} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message;
    throw error;
  }
}

function checkRules(object: KubeObject, isNamespaced: boolean): Cause[] {
  const rules = listOf(object.rules);
  const has = (rule: Fields, name: string) => listOf(rule[name]).length > 0;
  const causes = rules.flatMap((rule, index) => {
    const field = `rules[${index}]`;
    if (has(rule, 'nonResourceURLs')) {
      const urls = (why: string) => notValid(`${field}.nonResourceURLs`, rule.nonResourceURLs, why);
      const isMixed = ['apiGroups', 'resources', 'resourceNames'].some((name) => has(rule, name));
      return [
        ...(isNamespaced ? [urls('namespaced rules cannot apply to non-resource URLs')] : []),
        ...(isMixed ? [urls('rules cannot apply to both regular resources and non-resource URLs')] : []),
      ];
    }
    return [
      ...(has(rule, 'apiGroups')
        ? []
        : [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')]),
      ...(has(rule, 'resources')
        ? []
        : [required(`${field}.resources`, 'resource rules must supply at least one resource')]),
    ];
  });
  // What is declared in the types is checked after what is written in code.
  const silent = rules.flatMap((rule, index) =>
    has(rule, 'verbs') ? [] : [required(`rules[${index}].verbs`)],
  );
  return [...causes, ...silent];
}

function checkAggregation({ aggregationRule }: KubeObject): Cause[] {
  if (aggregationRule === undefined) return [];
  const field = 'aggregationRule.clusterRoleSelectors';
  const selectors = listOf((aggregationRule as Fields).clusterRoleSelectors);
  return selectors.length === 0
    ? [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
    : selectors.flatMap((selector, index) => {
        const causes = checkSelector(selector, `${field}[${index}]`);
        if (causes.length > 0) causes.push(notValid(`${field}[${index}]`, null, 'invalid label selector.'));
        return causes;
      });
}

const rbac = 'rbac.authorization.k8s.io';

function checkBinding(object: KubeObject, before: KubeObject | undefined, isNamespaced: boolean): Cause[] {
  const role = (object.roleRef ?? {}) as Record<string, string | undefined>;
  const subjects = listOf(object.subjects) as Record<string, string | undefined>[];
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const causes: Cause[] = [];
  if (role.apiGroup !== rbac) causes.push(notSupported('roleRef.apiGroup', role.apiGroup ?? '', [rbac]));
  if (!kinds.includes(role.kind ?? '')) causes.push(notSupported('roleRef.kind', role.kind ?? '', kinds));
  causes.push(...isPathSegment(role.name ?? '').map((why) => notValid('roleRef.name', role.name, why)));
  causes.push(
    ...subjects.flatMap((subject, index) => checkSubject(subject, `subjects[${index}]`, isNamespaced)),
  );
  // What is declared in the types is checked after what is written in code.
  causes.push(...subjects.flatMap(({ name }, index) => (name ? [] : [required(`subjects[${index}].name`)])));
  if (!role.name) causes.push(required('roleRef.name'));
  if (before && !isDeepStrictEqual(object.roleRef, before.roleRef)) {
    // The server shows its own type, whose fields have no JSON names.
    const shown = { APIGroup: role.apiGroup ?? '', Kind: role.kind ?? '', Name: role.name ?? '' };
    causes.push(notValid('roleRef', shown, 'field is immutable'));
  }
  return causes;
}

function checkSubject(
  { kind = '', name = '', namespace = '', apiGroup = '' }: Record<string, string | undefined>,
  field: string,
  isNamespaced: boolean,
): Cause[] {
  switch (kind) {
    case 'ServiceAccount':
      return [
        ...(name ? isDnsSubdomain(name).map((why) => notValid(`${field}.name`, name, why)) : []),
        ...(apiGroup ? [notSupported(`${field}.apiGroup`, apiGroup, [''])] : []),
        ...(isNamespaced || namespace ? [] : [required(`${field}.namespace`)]),
      ];
    case 'User':
    case 'Group':
      return apiGroup === rbac ? [] : [notSupported(`${field}.apiGroup`, apiGroup, [rbac])];
    default:
      return [notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}
