import * as fc from 'fast-check';
import { openApiDocument } from '../../src/openapi.js';
import { askForEverything } from '../builders/every-operation.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { FromSchema, type Schema } from './from-schema.js';

/** Requests to each operation, of which half are made to be taken and half hold oddities. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: Schema;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly type: string;
}

describe('requests made from the document', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
    await askForEverything(engine.api);
  }, 120_000);
  afterAll(() => engine.close());

  it('are answered as the document says, and never by an error of ours', async () => {
    const document = openApiDocument(engine.engine.app);
    const schemas = document.components?.schemas as unknown as Record<string, Schema>;
    const known = await knownTexts(engine.api);
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
        method,
        path,
        operation,
      })),
    );
    const statuses = new Map<number, number>();
    const faults: string[] = [];
    for (const { method, path, operation } of operations) {
      for (const oddities of [0, 15]) {
        const made = requests(
          method.toUpperCase(),
          path,
          operation,
          new FromSchema(schemas, known, oddities),
        );
        for (const request of fc.sample(made, { numRuns: RUNS / 2, seed: SEED })) {
          const fault = await send(engine.api, request, statuses);
          if (fault)
            faults.push(`${request.method} ${request.path} ${request.body ?? ''}\n  ${fault}`.slice(0, 900));
        }
      }
    }
    const sent = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    const shown = [...statuses].sort().map(([status, count]) => `${status}: ${count}`);
    process.stdout.write(
      `seed ${SEED}: ${sent} requests to ${operations.length} operations; ${shown.join(', ')}\n`,
    );
    expect(faults).toEqual([]);
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
  }, 3_600_000);
});

/** @returns what is wrong with the answer, or null */
async function send(api: ApiClient, request: Request, statuses: Map<number, number>): Promise<string | null> {
  const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  try {
    const { method, path, body, type } = request;
    const answer = body === null ? await api.send(method, path) : await api.raw(method, path, body, type);
    count(answer.status);
    return answer.status >= 500 ? `${answer.status} ${answer.text}` : null;
  } catch (error) {
    count(0);
    return String(error);
  }
}

/** What a request may name: ids and numbers of what is there. */
async function knownTexts(api: ApiClient): Promise<Readonly<Record<string, readonly string[]>>> {
  const { data } = (await api.get('/v1/events?limit=500')).body as { data: unknown[] };
  const text = JSON.stringify(data);
  const ids = (prefix: string) => [
    ...new Set(text.match(new RegExp(`${prefix}_[0-9a-z]{26}`, 'g')) ?? ['x']),
  ];
  const all = ['mbr', 'pur', 'ret', 'rdm', 'trf', 'adj', 'hsh', 'lot'].flatMap(ids);
  return {
    ...{ id: all, memberId: ids('mbr'), lotId: ids('lot'), adjustmentId: ids('adj'), purchaseId: ids('pur') },
    ...{ redemptionId: ids('rdm'), redemptionIds: ids('rdm'), externalId: ['O-1', 'O-2', 'O-3', 'O-4'] },
    ...{ reason: ['sorry', 'asked', 'short'], rewardId: ['coffee'], currency: ['TWD'], sku: ['A-77'] },
    ...{ source: ['store-1'], timeZone: ['Asia/Taipei'], key: ['basic', 'silver', 'gold'] },
  };
}

function requests(
  method: string,
  path: string,
  operation: Operation,
  from: FromSchema,
): fc.Arbitrary<Request> {
  const parameters = operation.parameters ?? [];
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const record = (list: typeof parameters, requiredKeys: string[]) =>
    fc.record(Object.fromEntries(list.map(({ name, schema }) => [name, from.value(schema, name)])), {
      requiredKeys,
    });
  const [type = 'application/json', media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = media
    ? fc.oneof(
        { weight: 20, arbitrary: from.value(media.schema).map((value) => JSON.stringify(value)) },
        fc.constant(null),
      )
    : fc.constant(null);
  return fc
    .record({
      places: record(
        inPath,
        inPath.map(({ name }) => name),
      ),
      query: record(
        inQuery,
        inQuery.filter(({ required }) => required).map(({ name }) => name),
      ),
      body,
    })
    .map(({ places, query, body: text }) => ({
      ...{ method, body: text ?? null, type },
      path: addressOf(path, places as Record<string, unknown>, query as Record<string, unknown>),
    }));
}

function addressOf(
  path: string,
  places: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, unknown>>,
): string {
  const written = (value: unknown) =>
    encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => written(places[name]) || 'x');
  const search = Object.entries(query).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.map(written).join(',') : written(value)}`,
  );
  return search.length > 0 ? `${filled}?${search.join('&')}` : filled;
}
