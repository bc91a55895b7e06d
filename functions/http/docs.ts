import { html } from 'hono/html';
import type { Routes } from './api.ts';
import { type Document, openapiDocument } from './openapi.ts';
import { page } from './page.ts';

type Html = ReturnType<typeof html>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  description?: string;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** The reference as a page: rendered from the document itself, without script and without anything from elsewhere. */
export const docsRoutes: Routes = (api) => {
  api.app.get('/docs', (c) => {
    c.set('route', '/docs');
    const document = openapiDocument(api);
    const groups = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags?.[0] ?? '');
    const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
    return page(
      c,
      'Drover API',
      html`<p>${document.info.description}</p>
<p><a href="/openapi.json">openapi.json</a> · ${document.info.version}</p>
${[...groups].map(([tag, operations]) => html`<h2>${tag}</h2>${operations.map(operationHtml)}`)}
<h2 id="schemas">Schemas</h2>
${schemas.map(
  ([name, schema]) =>
    html`<details id="${name}"><summary><code>${name}</code></summary>${schemaHtml(schema)}</details>`,
)}`,
    );
  });
};

interface Found {
  method: string;
  path: string;
  operation: Operation;
}

function operationsOf(document: Document): Found[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );
}

function operationHtml({ method, path, operation }: Found): Html {
  const parameters = (operation.parameters ?? []) as {
    name: string;
    in: string;
    required?: boolean;
    schema?: Schema;
    description?: string;
  }[];
  const body = bodySchema(operation);
  return html`<details><summary><span class="method">${method.toUpperCase()}</span> <code>${path}</code>
<span class="muted">${operation.summary}</span></summary>
<p>${operation.description}</p>
${
  parameters.length > 0
    ? html`<table>${parameters.map(
        ({ name, in: place, required, schema, description }) =>
          html`<tr><td><code>${name}</code> <span class="muted">${place}${required ? '' : ', optional'}</span></td>
<td>${typeOf(schema ?? {})}</td><td>${description ?? schema?.description}</td></tr>`,
      )}</table>`
    : ''
}
${body ? html`<h4>Body</h4>${schemaHtml(body)}` : ''}
<h4>Answers</h4><table>${Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const { description, content } = response as {
      description: string;
      content?: Record<string, { schema?: Schema }>;
    };
    const schema = Object.values(content ?? {})[0]?.schema;
    return html`<tr><td><code>${status}</code></td><td>${schema ? typeOf(schema) : ''}</td><td>${description}</td></tr>`;
  })}</table></details>`;
}

function bodySchema(operation: Operation): Schema | undefined {
  const body = operation.requestBody as { content?: Record<string, { schema?: Schema }> } | undefined;
  return Object.values(body?.content ?? {})[0]?.schema;
}

function schemaHtml(schema: Schema): Html {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return html`<p>${typeOf(schema)} ${schema.description}</p>`;
  return html`${schema.description ? html`<p>${schema.description}</p>` : ''}<table>${properties.map(
    ([name, field]) =>
      html`<tr><td><code>${name}</code>${
        schema.required?.includes(name) ? '' : html` <span class="muted">optional</span>`
      }</td><td>${typeOf(field)}</td><td>${field.description}${
        field.default === undefined
          ? ''
          : html` <span class="muted">default ${JSON.stringify(field.default)}</span>`
      }</td></tr>`,
  )}</table>`;
}

function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return html`<a href="#${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return html`${choices.map((choice, i) => html`${i > 0 ? ' or ' : ''}${typeOf(choice)}`)}`;
  if (schema.enum) return html`${schema.enum.map((value) => JSON.stringify(value)).join(' | ')}`;
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.items) return html`list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') {
    return html`map of ${typeOf(schema.additionalProperties)}`;
  }
  const properties = Object.keys(schema.properties ?? {});
  if (properties.length > 0) return html`{ ${properties.join(', ')} }`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  return html`${schema.format === undefined ? type : `${type} (${schema.format})`}`;
}
