import { z } from 'zod';

/** The parts of an OpenAPI 3.1 document that requests are made from and answers held to. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  /** By content type. */
  body: Record<string, Schema> | undefined;
  needsSignIn: boolean;
  /** By status; the schemas by content type. */
  answers: Record<string, Record<string, z.ZodType>>;
}

type Content = Record<string, { schema?: Schema }>;
interface RawOperation {
  parameters?: Parameter[];
  requestBody?: { content: Content };
  security?: unknown[];
  responses: Record<string, { content?: Content }>;
}
export interface Document {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** Every operation, with all references followed. */
export function operationsOf(document: Document): Operation[] {
  const follow = (schema: Schema): Schema => followed(schema, document.components.schemas);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (raw.parameters ?? []).map((one) => ({ ...one, schema: follow(one.schema) })),
      body: raw.requestBody && schemasOf(raw.requestBody.content, follow),
      needsSignIn: (raw.security ?? []).length > 0,
      answers: Object.fromEntries(
        Object.entries(raw.responses).map(([status, { content = {} }]) => [
          status,
          Object.fromEntries(
            Object.entries(schemasOf(content, follow)).map(([type, schema]) => [
              type,
              z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema),
            ]),
          ),
        ]),
      ),
    })),
  );
}

const schemasOf = (content: Content, follow: (schema: Schema) => Schema): Record<string, Schema> =>
  Object.fromEntries(Object.entries(content).map(([type, { schema = {} }]) => [type, follow(schema)]));

function followed(value: Schema, named: Record<string, Schema>): Schema {
  const { $ref, ...rest } = value;
  const whole = $ref === undefined ? value : { ...named[$ref.replace('#/components/schemas/', '')], ...rest };
  const inside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inside);
    return typeof part === 'object' && part !== null ? followed(part as Schema, named) : part;
  };
  return Object.fromEntries(Object.entries(whole).map(([name, part]) => [name, inside(part)]));
}
