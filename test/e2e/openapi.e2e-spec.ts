import { readFile } from 'node:fs/promises';
import { openApiText, openApiDocument } from '../../src/openapi.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('the OpenAPI document', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.close());

  it('is committed as docs/openapi.json; run `npm run openapi` when the API changed', async () => {
    const committed = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(openApiText(engine.engine.app))).toEqual(JSON.parse(committed));
  });

  it('has every route of the core contract', () => {
    const { paths } = openApiDocument(engine.engine.app);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/members',
        '/v1/members/{id}',
        '/v1/members/{id}/balance',
        '/v1/members/{id}/lots',
        '/v1/members/{id}/movements',
        '/v1/members/{id}/standing',
        '/v1/purchases',
        '/v1/purchases:batch',
        '/v1/redemptions',
        '/v1/redemptions/{id}/capture',
        '/v1/redemptions/{id}/void',
        '/v1/rewards',
        '/v1/earning-rules',
        '/v1/tier-sets',
        '/v1/programmes',
        '/v1/finance/liability',
        '/v1/finance/lots',
        '/v1/finance/roll-forward',
        '/v1/finance/journal',
        '/v1/finance/tie-out',
        '/v1/events',
        '/v1/api-keys',
        '/v1/admin/verify',
      ]),
    );
  });
});
