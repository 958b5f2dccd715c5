import { AnswerContract, type Sent } from './answer-contract.js';
import type { Answer } from './answer.js';

const json = (schema: object) => ({ 'application/json': { schema } });
const thing = {
  type: 'object',
  properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
  required: ['id'],
  additionalProperties: false,
};
const document = {
  paths: {
    '/things/{id}': {
      get: {
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 5 } }],
        responses: { 200: { content: json({ $ref: '#/components/schemas/Thing' }) } },
      },
      put: {
        parameters: [],
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/Thing' }) },
        responses: { 204: {} },
      },
    },
    '/things:stream': {
      post: {
        parameters: [],
        responses: {
          200: {
            content: {
              'application/x-ndjson': {
                schema: { type: 'string', 'x-line-schema': { $ref: '#/components/schemas/Thing' } },
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: thing,
      Problem: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
    },
  },
};
const contract = new AnswerContract(document);

const read: Sent = { method: 'GET', path: '/things/1' };
const written: Sent = { method: 'PUT', path: '/things/1', body: '{"id":"1"}', type: 'application/json' };

function answer(status: number, body: unknown, type = 'application/json'): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = new Headers(text === '' ? {} : { 'content-type': `${type}; charset=utf-8` });
  return { status, headers, body, text };
}

describe('an exchange beside the document', () => {
  it.each<[string, Sent, Answer]>([
    ['an answer', read, answer(200, { id: '1', at: '2026-01-05T09:00:00Z' })],
    ['a parameter', { ...read, path: '/things/1?limit=5' }, answer(200, { id: '1' })],
    ['a refusal', read, answer(404, { code: 'A' }, 'application/problem+json')],
    [
      'a refused path that there is not',
      { ...read, path: '/' },
      answer(404, { code: 'A' }, 'application/problem+json'),
    ],
    ['a body', written, answer(204, '')],
    ['a refused body', { ...written, body: '{}' }, answer(422, { code: 'A' }, 'application/problem+json')],
    [
      'a stream',
      { method: 'POST', path: '/things:stream' },
      answer(200, '{"id":"1"}\n{"id":"2"}\n', 'application/x-ndjson'),
    ],
  ])('is as documented: %s', (_, sent, got) => {
    expect(contract.breach(sent, got)).toBeNull();
  });

  it.each<[string, Sent, Answer]>([
    ['a field that is not documented', read, answer(200, { id: '1', more: 1 })],
    ['a field that is missing', read, answer(200, {})],
    ['a value of another kind', read, answer(200, { id: '1', at: 'yesterday' })],
    ['a status', read, answer(201, { id: '1' })],
    ['a media type', read, answer(200, 'id', 'text/csv')],
    ['a refusal that is no problem', read, answer(404, {})],
    ['a problem without a code', read, answer(404, {}, 'application/problem+json')],
    ['an operation', { ...read, method: 'PATCH' }, answer(200, {})],
    ['a path', { ...read, path: '/others' }, answer(200, {})],
    ['a body where there is none', written, answer(204, { id: '1' })],
    ['a parameter that was taken', { ...read, path: '/things/1?more=1' }, answer(200, { id: '1' })],
    [
      'a value of a parameter that was taken',
      { ...read, path: '/things/1?limit=6' },
      answer(200, { id: '1' }),
    ],
    ['a body that was taken', { ...written, body: '{"id":1}' }, answer(204, '')],
    ['no body where one is required', { ...written, body: '' }, answer(204, '')],
    [
      'a line of a stream',
      { method: 'POST', path: '/things:stream' },
      answer(200, '{"id":"1"}\n{"id":2}\n', 'application/x-ndjson'),
    ],
  ])('is a breach: %s', (_, sent, got) => {
    expect(contract.breach(sent, got)).toMatch(/^(GET|PUT|POST|PATCH) \/\S* \d{3}: \S/);
  });
});
