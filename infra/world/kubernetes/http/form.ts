import { clauses, types } from '../discovery/negotiation.ts';
import { badRequest, noRepresentation, notAcceptable, StatusError } from '../status.ts';

/** In which form an object, a list or an event is to be answered. */
export interface Form {
  as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  /** Of the Table or metadata: `v1` or `v1beta1`. */
  version: string;
  isYaml: boolean;
}

const streamed = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** The first of the client's wishes that can be met. Collections can also be watched, and say so. */
export function formOf(accept: string | undefined, isCollection: boolean): Form {
  const wishes = clauses(accept);
  const produced = isCollection ? [...types, ...streamed] : types;
  // Routes know `*/*` but not `application/*`.
  if (!wishes.some(({ type }) => type === '*/*' || types.includes(type))) throw noRepresentation(produced);
  for (const { type, parameters } of wishes) {
    const isYaml = type === 'application/yaml';
    if (!isYaml && type !== 'application/json' && type !== '*/*') continue;
    const { as, g: group, v: version = '' } = parameters;
    if (as === undefined) return { as: 'object', version: 'v1', isYaml };
    if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { as, version, isYaml };
  }
  throw notAcceptable(types);
}

/** How a failure is written, for whatever the client accepts. */
export const failsInYaml = (accept: string | undefined): boolean => {
  const wish = clauses(accept).find(({ type }) => type === '*/*' || types.includes(type));
  return wish?.type === 'application/yaml';
};

/** One object as metadata must not be asked for as a list, nor a list as one object. */
export function checkShape(
  form: Form,
  { group, kind, listKind, isCustom }: { group: string; kind: string; listKind: string; isCustom: boolean },
  isList: boolean,
): void {
  if (form.as !== (isList ? 'PartialObjectMetadata' : 'PartialObjectMetadataList')) return;
  const inGo = isCustom
    ? `*unstructured.Unstructured${isList ? 'List' : ''}`
    : `*${group.split('.')[0] || 'core'}.${isList ? listKind : kind}`;
  throw new StatusError(
    406,
    'NotAcceptable',
    isList
      ? `you requested PartialObjectMetadata, but the requested object is a list (${inGo})`
      : `you requested PartialObjectMetadataList, but the requested object is not a list (${inGo})`,
  );
}

export function includedIn(query: URLSearchParams): 'None' | 'Metadata' | 'Object' {
  const wish = query.get('includeObject') || 'Metadata';
  if (wish === 'None' || wish === 'Object' || wish === 'Metadata') return wish;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: "${wish}": must be 'Metadata', 'Object', 'None', or empty`,
  );
}
