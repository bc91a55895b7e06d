import { stringify } from 'yaml';
import type { ApiAnswer } from '../api.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import type { Status } from '../status.ts';
import type { Stored } from '../store/shelf.ts';
import { partialOf, tableOf } from '../table/index.ts';
import type { Call } from '../verbs/call.ts';
import { checkShape, type Form, includedIn } from './form.ts';

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version;

/** In the version that was asked for. */
export const asKind = (resource: Resource, object: StoredObject): KubeObject => ({
  kind: resource.kind,
  apiVersion: apiVersionOf(resource),
  ...object,
});

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** Written in pieces of about this size, since a large list is longer than a string may be. */
const pieceSize = 1 << 20;

export function answerWith(
  body: unknown,
  form: Pick<Form, 'isYaml'>,
  status = 200,
  warnings: readonly string[] = [],
): ApiAnswer {
  return {
    status,
    headers: {
      'content-type': form.isYaml ? 'application/yaml' : 'application/json',
      ...(warnings.length > 0 ? { warning: warnings.map(warningOf).join('\n') } : {}),
    },
    body: form.isYaml ? yamlOf(body) : `${JSON.stringify(body)}\n`,
  };
}

const yamlOf = (body: unknown): string =>
  stringify(body, { aliasDuplicateObjects: false, indentSeq: false, sortMapEntries: true });

/** In UTF-8, byte by byte, as Go writes headers: Node takes no other characters there. */
const warningOf = (text: string): string =>
  Buffer.from(`299 - "${text.replaceAll(/["\\]/g, '\\$&')}"`).toString('latin1');

export function warned(answer: ApiAnswer, text: string): ApiAnswer {
  const { warning, ...headers } = answer.headers;
  const all = [warningOf(text), ...(warning === undefined ? [] : [warning])];
  return { ...answer, headers: { ...headers, warning: all.join('\n') } };
}

export const answerStatus = (
  status: Status,
  { headers = {}, isYaml = false }: { headers?: Record<string, string>; isYaml?: boolean } = {},
): ApiAnswer => {
  const { code, ...rest } = status;
  // A success says its code only where it is another than the usual one.
  const answer = answerWith(status.status === 'Success' && code === 200 ? rest : status, { isYaml }, code);
  return { ...answer, headers: { ...answer.headers, ...headers } };
};

export function answerObject(
  call: Call,
  object: StoredObject,
  status = 200,
  warnings: readonly string[] = [],
): ApiAnswer {
  return answerWith(presented(call, asKind(call.resource, object)), call.form, status, warnings);
}

/** One object in the form that was asked for. */
export function presented({ form, resource, cluster, request }: Call, object: KubeObject): unknown {
  switch (form.as) {
    case 'object':
      return object;
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      checkShape(form, resource, false);
      return partialOf(object, form.version);
    case 'Table':
      return tableOf(resource, [object], {
        now: cluster.clock.now(),
        includeObject: includedIn(request.query),
        version: form.version,
        metadata: { resourceVersion: object.metadata.resourceVersion ?? '' },
      });
  }
}

export function answerList(call: Call, items: readonly Stored[], metadata: ListMeta): ApiAnswer {
  const { form, resource, cluster, request } = call;
  const parse = ({ text }: Stored): KubeObject => asKind(resource, JSON.parse(text) as StoredObject);
  if (form.as === 'Table') {
    const now = cluster.clock.now();
    const includeObject = includedIn(request.query);
    const table = tableOf(resource, items.map(parse), {
      now,
      includeObject,
      version: form.version,
      metadata,
    });
    return answerWith(table, form);
  }
  if (form.as !== 'object') {
    checkShape(form, resource, true);
    const partial = items.map((item) => partialOf(parse(item), form.version));
    const frame = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${form.version}`, metadata };
    return answerWith({ ...frame, items: partial }, form);
  }
  const frame = listFrame(resource, metadata);
  if (form.isYaml)
    return answerWith(
      { ...frame, items: items.map((item) => (resource.isCustom ? parse(item) : JSON.parse(item.text))) },
      form,
    );
  const head = `${JSON.stringify(frame).slice(0, -1)},"items":[`;
  const body = pieces(head, items, resource.isCustom ? openingOf(resource) : '{');
  const headers = { 'content-type': 'application/json' };
  const isShort = items.length < 500;
  return { status: 200, headers, body: isShort ? [...body].join('') : inTurns(body) };
}

/** Lists of custom resources tell even that there is nothing to continue. */
export const listFrame = (resource: Resource, metadata: ListMeta) => ({
  kind: resource.listKind,
  apiVersion: apiVersionOf(resource),
  metadata: resource.isCustom ? { continue: '', ...metadata } : metadata,
});

/** The texts as they lie in the store, without being parsed. */
function* pieces(head: string, items: readonly Stored[], opening: string): Generator<string> {
  let piece = head;
  let comma = '';
  for (const { text } of items) {
    piece += `${comma}${opening}${text.slice(1)}`;
    comma = ',';
    if (piece.length < pieceSize) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}\n`;
}

/** Between pieces others get their turn. */
async function* inTurns(body: Iterable<string>): AsyncGenerator<string> {
  for (const piece of body) {
    yield piece;
    await new Promise(setImmediate);
  }
}

/** How the JSON of an object begins in this version: what follows is its text without the brace. */
export const openingOf = (resource: Resource): string =>
  `{"kind":${JSON.stringify(resource.kind)},"apiVersion":${JSON.stringify(apiVersionOf(resource))},`;
