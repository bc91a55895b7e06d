import { kindsData } from '../kinds/data.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { OpenapiSchema } from '../kinds/openapiSchema.ts';
import { template } from '../kinds/template.ts';

interface OpenapiDocument {
  paths: Record<string, unknown>;
  components: { schemas: Record<string, OpenapiSchema> };
}

/** The OpenAPI document of a group version of custom resources: what the real one says of a template, in their names. */
export function customDocument(resources: readonly Resource[]): string {
  const documents = resources.map(documentOf);
  return JSON.stringify({
    ...documents[0]!,
    paths: Object.assign({}, ...documents.map(({ paths }) => paths)),
    components: { schemas: Object.assign({}, ...documents.map(({ components }) => components.schemas)) },
  });
}

function documentOf(resource: Resource): OpenapiDocument {
  const { customOpenapi } = kindsData();
  const text = customOpenapi[resource.isNamespaced ? 'Namespaced' : 'Cluster'];
  const document = JSON.parse(inTheNamesOf(resource, text)) as OpenapiDocument;
  const has = new Set(resource.subresources.map(({ name }) => name));
  for (const path of Object.keys(document.paths)) {
    const [, subresource] = /\{name\}\/(\w+)$/.exec(path) ?? [];
    if (subresource && !has.has(subresource)) delete document.paths[path];
  }
  const { schemas } = document.components;
  if (!has.has('scale'))
    for (const name of Object.keys(schemas))
      if (name.startsWith('io.k8s.api.autoscaling.')) delete schemas[name];
  const prefix = `${backwards(resource.group)}.${resource.version}`;
  const name = `${prefix}.${resource.kind}`;
  const frame = schemas[name]!;
  const own = resource.definition ?? {};
  const selectable = resource.selectable.map((fieldPath) => ({ fieldPath }));
  const more = selectable.length > 0 ? { 'x-kubernetes-selectable-fields': selectable } : {};
  schemas[name] = { ...own, ...frame, ...more, properties: { ...own.properties, ...frame.properties } };
  const list = `${prefix}.${resource.listKind}`;
  schemas[list] = { ...schemas[list], ...more };
  return document;
}

function inTheNamesOf({ group, version, name, kind, listKind }: Resource, text: string): string {
  const names = new Map([
    [template.group, group],
    [backwards(template.group), backwards(group)],
    [inOperation(template.group), inOperation(group)],
    [lowerFirst(inOperation(template.group)), lowerFirst(inOperation(group))],
    [template.version, version],
    [upperFirst(template.version), upperFirst(version)],
    [template.plural, name],
    [template.kind, kind],
    [template.listKind, listKind],
  ]);
  return text.replaceAll(new RegExp([...names.keys()].join('|'), 'g'), (found) => names.get(found)!);
}

const backwards = (group: string): string => group.split('.').reverse().join('.');
const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
/** `stable.example.com` in an operationId: `StableExampleCom`; `gateway.networking.k8s.io`: `GatewayNetworking`. */
const inOperation = (group: string): string =>
  group
    .replace(/\.k8s\.io$/, '')
    .split(/[.-]/)
    .map(upperFirst)
    .join('');
