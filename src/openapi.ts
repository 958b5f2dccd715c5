import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { answerSchemas } from './composition.js';
import { free, list, object, text, whole } from './kernel/json-schema.js';
import { bodySchemas, queryParameters, type RequestClass } from './platform/http/body-schemas.js';
import type { Scope } from './platform/http/caller.js';
import { routesOf, type Route } from './platform/http/routes.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameters = NonNullable<Operation['parameters']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type SchemaObject = Exclude<Schemas[string], { $ref: string }>;

/** The API's document, generated from the controllers and DTOs; committed as docs/openapi.json. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Laurel')
    .setDescription(
      'Points-and-tiers loyalty engine. Refusals are application/problem+json with a stable code.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const routes = routesById(app);
  const described = document.components?.schemas ?? {};
  const bodies = [...routes.values()].flatMap(({ body }) => body ?? []);
  const checked = Object.entries(bodySchemas(bodies)).map(
    ([name, schema]) => [name, mergeSchemas(schema as SchemaObject, described[name])] as const,
  );
  const schemas = { ...Object.fromEntries(checked), ...answerSchemas, Problem: PROBLEM } as Schemas;
  const paths = Object.entries(document.paths).map(([path, item]) => {
    // The router writes a plain colon double; callers do not.
    return [path.replace('::', ':'), withRoutes(item, routes, schemas)] as const;
  });
  const components = { securitySchemes: SECURITY_SCHEMES, schemas: schemasOf(paths, schemas) };
  return { ...document, paths: Object.fromEntries(paths), components };
}

/** A key is an opaque text, and goes into either of two headers. */
const SECURITY_SCHEMES = {
  bearer: { type: 'http' as const, scheme: 'bearer', description: 'An API key as "Bearer <key>"' },
  apiKey: { type: 'apiKey' as const, in: 'header', name: 'X-API-Key', description: 'An API key' },
};

/** Every refusal looks the same, so every operation may answer with it. */
const PROBLEM = {
  description: 'RFC 9457 problem details',
  ...object(
    {
      type: text,
      title: text,
      status: whole,
      detail: text,
      instance: text,
      code: { ...text, description: 'Stable; one status for each' },
    },
    {
      errors: list(
        object(
          {
            pointer: { ...text, description: 'JSON pointer into the body' },
            code: text,
            detail: text,
          },
          {
            from: { ...whole, description: 'Of a fault within a text: its first character, from 0' },
            to: { ...whole, description: 'The character after its last one' },
          },
        ),
      ),
      meta: free,
    },
  ),
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Routes by the ids that Nest gives their operations. */
function routesById(app: NestFastifyApplication): ReadonlyMap<string, Route> {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype, name }) =>
      [...routesOf(metatype as RequestClass)].map(([method, route]) => [`${name}_${method}`, route] as const),
    ),
  );
}

function withRoutes(item: PathItem, routes: ReadonlyMap<string, Route>, schemas: Schemas): PathItem {
  const operations = METHODS.flatMap((method) => {
    const operation = item[method];
    const route = routes.get(operation?.operationId ?? '');
    return operation && route ? [[method, withRoute(operation, route, schemas)]] : [];
  });
  return { ...item, ...(Object.fromEntries(operations) as PathItem) };
}

/** What the decorators of the route say, where Nest reads less out of them. */
function withRoute(operation: Operation, { scopes, body, query }: Route, schemas: Schemas): Operation {
  const parameters = operation.parameters ?? [];
  const problem = {
    description: 'A refusal',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const needed = body && ((schemas[body.name] as SchemaObject).required ?? []).length > 0;
  return {
    ...operation,
    security: scopes === null ? [] : securityOf(scopes),
    parameters: query ? withQuery(parameters, query) : parameters,
    ...(operation.requestBody && {
      requestBody: { ...operation.requestBody, ...(body && { required: needed === true }) },
    }),
    responses: { ...operation.responses, default: problem },
  };
}

/** Any one scope, in any one header: the document lists what is enough. */
function securityOf(scopes: readonly Scope[]): Operation['security'] {
  return scopes.flatMap((scope) => Object.keys(SECURITY_SCHEMES).map((header) => ({ [header]: [scope] })));
}

/** The constraints rule; descriptions and defaults come from the annotations. */
function withQuery(parameters: Parameters, query: RequestClass): Parameters {
  const isQuery = (parameter: Parameters[number]) => 'in' in parameter && parameter.in === 'query';
  const annotated = new Map(
    parameters.flatMap((parameter) => ('name' in parameter ? [[parameter.name, parameter.schema]] : [])),
  );
  const checked = queryParameters(query).map(({ schema, ...parameter }) => ({
    ...parameter,
    schema: { ...schema, ...notesOf(annotated.get(parameter.name)) },
    // A list is one text, its elements apart by commas.
    ...(schema['type'] === 'array' && { style: 'form', explode: false }),
  }));
  return [...parameters.filter((parameter) => !isQuery(parameter)), ...checked] as Parameters;
}

const ANNOTATIONS = new Set(['example', 'description', 'default']);

function notesOf(annotated: object | undefined): object {
  return Object.fromEntries(Object.entries(annotated ?? {}).filter(([key]) => ANNOTATIONS.has(key)));
}

/** The constraints rule; examples and descriptions come from the annotations. */
function mergeSchemas(checked: SchemaObject, described: Schemas[string] | undefined): SchemaObject {
  const annotated = (described as SchemaObject | undefined)?.properties ?? {};
  const properties = Object.entries(checked.properties ?? {}).map(([name, property]) => {
    return [name, '$ref' in property ? property : { ...property, ...notesOf(annotated[name]) }] as const;
  });
  return { ...checked, properties: Object.fromEntries(properties) };
}

/** The schemas that operations name, and those which these name in turn. */
function schemasOf(paths: unknown, schemas: Schemas): Schemas {
  const named = new Set<string>();
  const collect = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || named.has(name)) continue;
      const schema = schemas[name];
      if (!schema) throw new Error(`no module publishes the schema ${name}`);
      named.add(name);
      collect(schema);
    }
  };
  collect(paths);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => named.has(name)));
}

/** The document as it is committed: the same code gives the same text. */
export function openApiText(app: NestFastifyApplication): string {
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}

/** Swagger UI at /docs, the document at /docs-json; the address alone leads there. */
export function installDocs(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (_, reply) => reply.redirect('/docs'));
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { customSiteTitle: 'Laurel API' });
}
