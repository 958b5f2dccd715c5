import { defineProblems } from '../../kernel/problem.js';

/** Problems of the protocol rather than of any module. */
export const httpProblems = defineProblems({
  MALFORMED_JSON: { status: 400, title: 'The body is not JSON' },
  BAD_REQUEST: { status: 400, title: 'The request cannot be read' },
  TOO_MANY_BAD_LINES: { status: 400, title: 'The stream is not a stream of receipts' },
  UNAUTHENTICATED: { status: 401, title: 'A valid API key is required' },
  FORBIDDEN: { status: 403, title: 'The API key lacks the scope' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  NOT_ACCEPTABLE: { status: 406, title: 'Not available in this format' },
  REQUEST_TIMEOUT: { status: 408, title: 'The body took too long' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  NAME_REQUIRED: { status: 422, title: 'Sent again, it would be done again' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Not a media type this takes' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  VALIDATION_FAILED: { status: 422, title: 'The request is not valid' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
});
