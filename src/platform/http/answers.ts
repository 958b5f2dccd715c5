import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Says in the document what an operation answers: a schema by its name among those the modules publish. */
export function Answers(status: number, name: string): MethodDecorator {
  return applyDecorators(
    ApiResponse({ status, description: name, schema: { $ref: `#/components/schemas/${name}` } }),
  );
}

/** The same for a command: 201 when it took effect, 200 when it is a replay or a dry run. */
export function AnswersCommand(status: 200 | 201, name: string): MethodDecorator {
  return status === 200 ? Answers(200, name) : applyDecorators(Answers(201, name), Answers(200, name));
}
