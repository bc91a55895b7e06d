import type { Resource } from '../kinds/kinds.ts';
import type { Schema } from '../kinds/schema.ts';
import type { KubeObject } from '../objects.ts';
import { badRequest, type StatusError } from '../status.ts';
import { invalid, notValid } from './causes.ts';
import { Mismatch } from './formats.ts';
import { parseJson, parseYaml, plain, type Source, SyntaxProblem, sourceOf } from './source.ts';
import { type Decoded, decodeTyped, inMaps, type Words } from './typed.ts';
import { decodeUnstructured } from './unstructured.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Reading {
  fieldValidation: FieldValidation;
  /** JSON unless said otherwise. */
  format?: 'json' | 'yaml';
  /** Whether this group and kind exist; the message says so when they do not. */
  isKnown?: (apiVersion: string, kind: string) => boolean;
}

export interface Read {
  object: KubeObject;
  /** For `Warning` headers. */
  warnings: string[];
}

/** Reads the body of a create or update. */
export function decode(resource: Resource, body: string, reading: Reading): Read {
  const { source, duplicates } = parse(resource, body, reading.format ?? 'json');
  const { apiVersion, kind } = typeOf(resource, source, body);
  const refuse = (why: string): StatusError =>
    badRequest(
      `${kind} in version "${versionOf(apiVersion)}" cannot be handled as a ${resource.kind}: ${why}`,
    );

  checkType(resource, { apiVersion, kind, name: nameIn(source) }, reading, refuse);
  const { value, strict } = attempt(
    () => decodeAs(resource, source),
    (why) => refuse(why),
  );
  const object = (value ?? {}) as KubeObject;
  if (!resource.isCustom) Object.assign(object, { kind, apiVersion });
  object.metadata ??= {};
  const problems = [...duplicates, ...strict];
  if (reading.fieldValidation === 'Ignore' || problems.length === 0) return { object, warnings: [] };
  if (reading.fieldValidation === 'Strict') throw refuse(strictError(problems));
  return { object, warnings: problems };
}

/**
 * Reads what a patch has made of an object. What does not fit is called an invalid patch, and `shown` is how the
 * message quotes it. `strict` are problems of the patch's own text.
 */
export function decodePatched(
  resource: Resource,
  patched: unknown,
  {
    fieldValidation,
    shown,
    strict = [],
    isStrategic = false,
  }: { fieldValidation: FieldValidation; shown: string; strict?: string[]; isStrategic?: boolean },
): Read {
  const refuse = (why: string) => invalid({ group: '', kind: '' }, '', [notValid('patch', shown, why)]);
  const decoded = attempt(
    () => decodeAs(resource, sourceOf(patched), isStrategic ? inMaps : undefined),
    refuse,
  );
  const problems = [...strict, ...decoded.strict];
  const object = decoded.value as KubeObject;
  if (fieldValidation === 'Ignore' || problems.length === 0) return { object, warnings: [] };
  if (fieldValidation === 'Strict') throw refuse(strictError(problems));
  return { object, warnings: problems };
}

/** A patch's own text as plain JSON, with the fields that stand in it twice. */
export function parsePatch(text: string, format: 'json' | 'yaml'): { value: unknown; strict: string[] } {
  try {
    if (format === 'yaml') {
      const { source, duplicates } = parseYaml(text);
      return { value: plain(source), strict: yamlProblems(duplicates) };
    }
    const { value, strict } = decodeTyped(parseJson(text), { isOpen: true });
    return { value, strict };
  } catch (error) {
    if (error instanceof SyntaxProblem) throw badRequest(error.message);
    throw error;
  }
}

const strictError = (problems: readonly string[]) => `strict decoding error: ${problems.join(', ')}`;

const yamlProblems = (duplicates: readonly string[]): string[] =>
  duplicates.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`];

function parse(resource: Resource, body: string, format: 'json' | 'yaml') {
  try {
    if (format === 'json') return { source: parseJson(body), duplicates: [] };
    const { source, duplicates } = parseYaml(body);
    return { source, duplicates: yamlProblems(duplicates) };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const what = format === 'json' ? `couldn't get version/kind; json parse error: ` : '';
    throw unrecognized(resource, body, what + error.message);
  }
}

const unrecognized = (resource: Resource, body: string, why: string) =>
  badRequest(
    `the object provided is unrecognized (must be of type ${resource.kind}): ${why} (${summary(body)})`,
  );

function summary(body: string): string {
  if (body === '') return '<empty>';
  const bytes = Buffer.from(body);
  const isLong = bytes.length > 30;
  const start = bytes.subarray(0, 30);
  return start.toString(body.startsWith('{') ? 'utf8' : 'hex') + (isLong ? ' ...' : '');
}

/** Of a Go type without a name. */
const typeMeta: Schema = {
  type: 'object',
  goType: '',
  properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
};

/** A built-in kind need not be named: it is that of the path. */
function typeOf(resource: Resource, source: Source, body: string): { apiVersion: string; kind: string } {
  const apiVersion = apiVersionOf(resource);
  if (source.is !== 'object') {
    const into =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    if (source.is === 'null') return { apiVersion, kind: resource.kind };
    throw unrecognized(
      resource,
      body,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${source.is} into Go value of type ${into}`,
    );
  }
  const decoded = attempt(
    () => decodeTyped(source, typeMeta),
    (why) => unrecognized(resource, body, `couldn't get version/kind; json parse error: ${why}`),
  );
  const found = decoded.value as { apiVersion?: string; kind?: string };
  if ((found.apiVersion ?? '').split('/').length > 2) {
    throw unrecognized(resource, body, `unexpected GroupVersion string: ${found.apiVersion}`);
  }
  if (resource.isCustom && !found.kind) {
    throw unrecognized(resource, body, `Object 'Kind' is missing in '${body}'`);
  }
  return { apiVersion: found.apiVersion || apiVersion, kind: found.kind || resource.kind };
}

function checkType(
  resource: Resource,
  { apiVersion, kind, name }: { apiVersion: string; kind: string; name: string },
  { isKnown = () => true }: Reading,
  refuse: (why: string) => StatusError,
): void {
  const expected = apiVersionOf(resource);
  if (apiVersion === expected && kind === resource.kind) return;
  if (!resource.isCustom && !isKnown(apiVersion, kind) && !wasKnown(resource, apiVersion, kind)) {
    throw refuse(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  if (resource.isCustom && kind !== resource.kind) {
    throw invalid({ group: resource.group, kind }, name, [
      notValid('kind', kind, `must be ${resource.kind}`),
    ]);
  }
  if (kind !== resource.kind) {
    throw refuse(
      `converting (${goType(apiVersion)}.${kind}) to (${internalType(resource)}): unknown conversion`,
    );
  }
  throw badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
  );
}

/** Go has types for more than is served: versions of the past, and lists. */
const wasKnown = (resource: Resource, apiVersion: string, kind: string) =>
  kind.endsWith('List') ||
  (kind === resource.kind &&
    /v\d+(alpha|beta)\d+$/.test(apiVersion) &&
    apiVersion.startsWith(`${resource.group}/`));

function nameIn(source: Source): string {
  const { metadata } = (plain(source) ?? {}) as { metadata?: { name?: unknown } };
  return typeof metadata?.name === 'string' ? metadata.name : '';
}

const goType = (apiVersion: string) => versionOf(apiVersion);
const internalType = ({ group, kind }: Resource) => `${group.split('.')[0] || 'core'}.${kind}`;

function decodeAs(resource: Resource, source: Source, words?: Words): Decoded {
  if (!resource.isCustom) return decodeTyped(source, resource.schema ?? { isOpen: true }, words);
  return decodeUnstructured(
    source,
    resource.schema,
    resource.schema?.properties?.metadata ?? { isOpen: true },
  );
}

function attempt<Result>(work: () => Result, refuse: (why: string) => StatusError): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Mismatch ? refuse(error.message) : error;
  }
}

export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>) =>
  group ? `${group}/${version}` : version;

const versionOf = (apiVersion: string) => apiVersion.split('/').pop() ?? '';
