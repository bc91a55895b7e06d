import type { KubeObject } from '../objects.ts';
import { badRequest, type Cause, StatusError } from '../status.ts';
import { decode, type FieldValidation, type Read } from '../validation/index.ts';
import type { Call } from './call.ts';
import { invalidOptions } from './options.ts';

/** What becomes of fields that the kind does not have. */
export function fieldValidationOf({ request }: Call, options: string): FieldValidation {
  const wish = request.query.get('fieldValidation') || 'Warn';
  if (wish === 'Strict' || wish === 'Warn' || wish === 'Ignore') return wish;
  const cause: Cause = {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: "${wish}": supported values: "", "Ignore", "Strict", "Warn"`,
    field: 'fieldValidation',
  };
  throw invalidOptions(options, [cause]);
}

/** The object that was sent, of the resource's own kind and in the namespace of the path. */
export function bodyOf(call: Call, options: string): Read {
  const { resource, request, namespace, cluster } = call;
  const type = mediaType(request.headers['content-type']);
  if (type !== 'application/json' && type !== 'application/yaml' && type !== '') throw unknownFormat();
  const read = decode(resource, textOf(call), {
    fieldValidation: fieldValidationOf(call, options),
    format: type === 'application/yaml' ? 'yaml' : 'json',
    isKnown: (apiVersion, kind) => cluster.kinds.ofKind(...groupVersionOf(apiVersion), kind) !== undefined,
  });
  return { ...read, object: inNamespace(read.object, resource.isNamespaced ? namespace : undefined) };
}

export const textOf = ({ request }: Call): string => Buffer.from(request.body).toString('utf8');

export const mediaType = (header = ''): string => header.split(';')[0]!.trim().toLowerCase();

export const unknownFormat = () =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );

export function groupVersionOf(apiVersion: string): [group: string, version: string] {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? ['', group!] : [group!, version];
}

export function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const { namespace: given, ...metadata } = object.metadata;
  if (given === namespace) return object;
  if (namespace === undefined) return { ...object, metadata };
  if (given)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...object, metadata: { ...object.metadata, namespace } };
}
