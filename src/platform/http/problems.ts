import { defineProblems } from '../../kernel/problem.js';

/** Problems of the protocol rather than of any module. */
export const httpProblems = defineProblems({
  MALFORMED_JSON: { status: 400, title: 'The body is not JSON', zhHant: '本文不是 JSON' },
  BAD_REQUEST: { status: 400, title: 'The request cannot be read', zhHant: '無法讀取請求' },
  TOO_MANY_BAD_LINES: {
    status: 400,
    title: 'The stream is not a stream of receipts',
    zhHant: '這不是收據的串流',
  },
  UNAUTHENTICATED: { status: 401, title: 'A valid API key is required', zhHant: '需要有效的 API 金鑰' },
  FORBIDDEN: { status: 403, title: 'The API key lacks the scope', zhHant: 'API 金鑰的權限範圍不足' },
  NOT_FOUND: { status: 404, title: 'No such resource', zhHant: '沒有這項資源' },
  NOT_ACCEPTABLE: { status: 406, title: 'Not available in this format', zhHant: '沒有這種格式' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive', zhHant: '請求傳送太久' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large', zhHant: '本文太大' },
  NAME_REQUIRED: {
    status: 422,
    title: 'An externalId or an Idempotency-Key is required',
    zhHant: '需要 externalId 或 Idempotency-Key',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The media type is not supported',
    zhHant: '不接受這種媒體類型',
  },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large', zhHant: '標頭太大' },
  VALIDATION_FAILED: { status: 422, title: 'The request is not valid', zhHant: '請求不符規定' },
  INTERNAL: { status: 500, title: 'An error occurred in the server', zhHant: '系統發生錯誤' },
});
