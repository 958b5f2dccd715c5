import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ref } from '../../kernel/json-schema.js';
import { NDJSON } from './body-parser.js';

/**
 * Says in the document what an operation answers: a schema by its name among those the modules publish.
 * @param texts media types in which the same may be had as text.
 */
export function Answers(status: number, name: string, ...texts: readonly string[]): MethodDecorator {
  const asText = texts.map((type) => [type, { schema: { type: 'string' } }] as const);
  const content = { 'application/json': { schema: ref(name) }, ...Object.fromEntries(asText) };
  return applyDecorators(ApiResponse({ status, description: name, content }));
}

/** What answers without a body. */
export function AnswersNothing(): MethodDecorator {
  return applyDecorators(ApiResponse({ status: 204, description: 'Done' }));
}

/** What answers text of one media type. */
export function AnswersText(status: number, type: string, description: string): MethodDecorator {
  const content = { [type]: { schema: { type: 'string' as const } } };
  return applyDecorators(ApiResponse({ status, description, content }));
}

/** The keyword under which the document has the schema of each line of a stream. */
export const LINE_SCHEMA = 'x-line-schema';

/** A stream of JSON, one a line; what a line is, `x-line-schema` says, as JSON Schema has no word for it. */
export function AnswersLines(status: number, name: string): MethodDecorator {
  const schema = { type: 'string' as const, description: `One ${name} a line`, [LINE_SCHEMA]: ref(name) };
  return applyDecorators(ApiResponse({ status, description: name, content: { [NDJSON]: { schema } } }));
}
