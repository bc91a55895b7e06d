import { type OpenapiSchema, resolve } from '../../../infra/world/kubernetes/kinds/openapiSchema.ts';
import type { Schema } from '../../../infra/world/kubernetes/kinds/schema.ts';
import type { Server } from './server.ts';

/** No document says by which fields a server selects: it is asked for each field of the first two levels. */
export async function selectableFields(server: Server, path: string, schema: Schema): Promise<string[]> {
  const fields = Object.entries(schema.properties ?? {})
    .filter(([name]) => !['apiVersion', 'kind', 'metadata'].includes(name))
    .flatMap(([name, { properties = {} }]) => [
      name,
      ...Object.keys(properties).map((inner) => `${name}.${inner}`),
    ]);
  const answers = await Promise.all(
    fields.map((field) => server.ask(`${path}?limit=1&fieldSelector=${field}%3Dx`)),
  );
  return fields.filter((_, index) => answers[index]!.status === 200);
}

/** The kinds of one document by name. */
export function schemasByKind(document: string): ReadonlyMap<string, Schema> {
  const { components } = JSON.parse(document) as { components: { schemas: Record<string, OpenapiSchema> } };
  const named = resolve(components.schemas);
  return new Map(
    Object.entries(components.schemas).flatMap(([name, definition]) =>
      (definition['x-kubernetes-group-version-kind'] ?? []).map(({ kind }) => [kind, named.get(name)!]),
    ),
  );
}
