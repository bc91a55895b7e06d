import { isObject, type JsonObject } from '../../../infra/world/kubernetes/json.ts';
import type { KubeObject } from '../../../infra/world/kubernetes/objects.ts';
import type { Random } from './random.ts';
import { apiVersionOf, type Subject } from './subjects.ts';

/** One request that changes an object. */
export interface ChangeRequest {
  method: 'PUT' | 'PATCH';
  contentType: string;
  query: Record<string, string>;
  userAgent: string;
  body: unknown;
}

const managers = ['one', 'two', 'three', 'kubectl'];

export function changeOf(random: Random, subject: Subject, live: KubeObject): ChangeRequest {
  const kinds = subject.group.includes('.')
    ? [json, merge, apply, apply, put]
    : [json, merge, strategic, strategic, apply, apply, apply, put];
  const request = random.pick(kinds)(random, subject, live);
  const query: Record<string, string> = { ...request.query };
  if (random.chance(0.6)) query.fieldManager ??= random.pick(managers);
  return { ...request, query, userAgent: random.pick(['agent/1.0', 'other (linux)', 'kubectl/v1']) };
}

type Request = Pick<ChangeRequest, 'method' | 'contentType' | 'query' | 'body'>;

function apply(random: Random, subject: Subject): Request {
  const part = random.chance(0.2) ? subject.whole(random) : subject.part(random);
  return {
    method: 'PATCH',
    contentType: 'application/apply-patch+yaml',
    query: { fieldManager: random.pick(managers), ...(random.chance(0.5) ? { force: 'true' } : {}) },
    body: { apiVersion: apiVersionOf(subject), kind: subject.kind, ...part },
  };
}

const merge = (random: Random, subject: Subject): Request => ({
  method: 'PATCH',
  contentType: 'application/merge-patch+json',
  query: {},
  body: withNulls(random, subject.part(random)),
});

const strategic = (random: Random, subject: Subject): Request => ({
  method: 'PATCH',
  contentType: 'application/strategic-merge-patch+json',
  query: {},
  body: withDirectives(random, withNulls(random, subject.part(random))),
});

function put(random: Random, subject: Subject, live: KubeObject): Request {
  const { metadata, status, ...rest } = live;
  const body = overlaid(rest, random.chance(0.8) ? subject.part(random) : {}) as KubeObject;
  const { resourceVersion, managedFields, ...kept } = metadata;
  const given = overlaid(kept, body.metadata ?? {}) as JsonObject;
  const fields = random.chance(0.85)
    ? managedFields
    : random.pick([[], [{}], managedFields?.slice(1), [{ manager: 'x', operation: 'Wrong' }], undefined]);
  return {
    method: 'PUT',
    contentType: 'application/json',
    query: {},
    body: {
      ...body,
      metadata: { ...given, ...(fields ? { managedFields: fields } : {}) },
      ...(status ? { status } : {}),
    },
  };
}

/** Lists are replaced. */
function overlaid(base: unknown, part: unknown): unknown {
  if (!isObject(base) || !isObject(part)) return part;
  const fields = Object.entries(part).map(([name, value]) => [name, overlaid(base[name], value)] as const);
  return { ...base, ...Object.fromEntries(fields) };
}

function withNulls(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? withNulls(random, item) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const isKey = [
        'name',
        'uid',
        'port',
        'containerPort',
        'mountPath',
        'ip',
        'topologyKey',
        'kind',
      ].includes(name);
      return [name, !isKey && random.chance(0.1) ? null : withNulls(random, field)];
    }),
  );
}

const mergeKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  ports: 'containerPort',
  ownerReferences: 'uid',
  secrets: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
};

function withDirectives(random: Random, value: unknown): unknown {
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [name, field] of Object.entries(value)) {
    const key = mergeKeys[name];
    if (name === 'finalizers' && Array.isArray(field) && random.chance(0.4)) {
      if (random.chance(0.5)) out['$deleteFromPrimitiveList/finalizers'] = field;
      else Object.assign(out, { [name]: field, '$setElementOrder/finalizers': field });
    } else if (
      key &&
      Array.isArray(field) &&
      field.every((item) => isObject(item) && item[key] !== undefined)
    ) {
      let items = field.map((item) => withDirectives(random, item) as JsonObject);
      if (random.chance(0.2))
        out[`$setElementOrder/${name}`] = random.chance(0.8)
          ? items.map((item) => ({ [key]: item[key] }))
          : items.toReversed().map((item) => ({ [key]: item[key] }));
      if (random.chance(0.2))
        items = items.map((item) => (random.chance(0.5) ? { $patch: 'delete', [key]: item[key] } : item));
      if (random.chance(0.1)) items = [...items, { $patch: 'replace' }];
      if (random.chance(0.9)) out[name] = items;
    } else out[name] = withDirectives(random, field);
  }
  if (random.chance(0.05)) out.$patch = random.pick(['replace', 'delete', 'merge']);
  if (value.type && random.chance(0.5)) out.$retainKeys = Object.keys(value);
  return out;
}

function json(random: Random, subject: Subject, live: KubeObject): Request {
  // What a Service is given by the server comes back when it is removed: that is not the patch's doing.
  const paths = pathsIn(live).filter(
    (path) =>
      /^\/(metadata\/(labels|annotations|finalizers)|spec|data)/.test(path) &&
      !/^\/spec\/(clusterIP|ipFamil)/.test(path),
  );
  const values = pathsValues(subject.part(random));
  const operations = Array.from({ length: 1 + random.below(3) }, () => {
    const path = random.pick(paths.length ? paths : ['/metadata/labels']);
    const from = random.pick(paths.length ? paths : ['/metadata/labels']);
    const [givenPath, value] = random.pick(values.length ? values : [['/data', {}] as const]);
    return random.pick([
      { op: 'add', path: givenPath, value },
      { op: 'add', path: givenPath, value },
      { op: 'replace', path: givenPath, value },
      { op: 'remove', path },
      { op: 'test', path, value: random.chance(0.8) ? at(live, path) : 'other' },
      {
        op: 'copy',
        from,
        path: from.replace(/[^/]+$/, (last) => (/^\d+$/.test(last) ? random.pick(['-', '0']) : last)),
      },
      { op: 'move', from, path: from.replace(/[^/]+$/, (last) => (/^\d+$/.test(last) ? '0' : last)) },
    ]);
  });
  return { method: 'PATCH', contentType: 'application/json-patch+json', query: {}, body: operations };
}

const step = (name: string | number) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const pathsIn = (value: unknown): string[] => pathsValues(value).map(([path]) => path);

function pathsValues(value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([name, field]) => [
    [step(name), field] as const,
    ...pathsValues(field).map(([path, below]) => [`${step(name)}${path}`, below] as const),
  ]);
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], value);
