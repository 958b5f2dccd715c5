import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { DraftCondition } from './draft-tag.js';

/** What the request's headers say about the draft that it was made for. */
export const DraftConditions = createParamDecorator(
  (_: unknown, context: ExecutionContext): DraftCondition => {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
  },
);

export const namesIfMatch = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The ETag of the draft as it was read; without it the request is for whatever draft there is',
});

export const namesIfNoneMatch = ApiHeader({
  name: 'If-None-Match',
  required: false,
  description: '`*`: only where there is no draft',
});
