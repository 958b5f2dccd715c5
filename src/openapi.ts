import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { answerSchemas } from './composition.js';
import { bodySchemas } from './platform/http/body-schemas.js';

type PathItem = OpenAPIObject['paths'][string];
type SchemaObject = Exclude<
  NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string],
  { $ref: string }
>;

/** The API's document, generated from the controllers and DTOs; committed as docs/openapi.json. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Laurel')
    .setDescription(
      'Points-and-tiers loyalty engine. Refusals are application/problem+json with a stable code.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const paths = Object.entries(document.paths).map(([path, item]) => {
    // The router writes a plain colon double; callers do not.
    return [path.replace('::', ':'), withProblems(item)] as const;
  });
  const described = document.components?.schemas ?? {};
  const checked = Object.entries(bodySchemas()).map(
    ([name, schema]) => [name, mergeSchemas(schema as SchemaObject, described[name])] as const,
  );
  const schemas = { ...described, ...Object.fromEntries(checked), ...answerSchemas, Problem: PROBLEM };
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas } };
}

/** Every refusal looks the same, so every operation may answer with it. */
const PROBLEM: SchemaObject = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'Stable; one status for each' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    meta: { type: 'object', additionalProperties: true },
  },
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

function withProblems(item: PathItem): PathItem {
  const problem = {
    description: 'A refusal',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const operations = METHODS.flatMap((method) => {
    const operation = item[method];
    return operation
      ? [[method, { ...operation, responses: { ...operation.responses, default: problem } }]]
      : [];
  });
  return { ...item, ...(Object.fromEntries(operations) as PathItem) };
}

const ANNOTATIONS = new Set(['example', 'description', 'default']);

/** The constraints rule; examples and descriptions come from the annotations. */
function mergeSchemas(
  checked: SchemaObject,
  described: SchemaObject | { $ref: string } | undefined,
): SchemaObject {
  const annotated = (described as SchemaObject | undefined)?.properties ?? {};
  const properties = Object.entries(checked.properties ?? {}).map(([name, property]) => {
    const notes = Object.entries(annotated[name] ?? {}).filter(([key]) => ANNOTATIONS.has(key));
    return [name, '$ref' in property ? property : { ...property, ...Object.fromEntries(notes) }] as const;
  });
  return { ...checked, properties: Object.fromEntries(properties) };
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
