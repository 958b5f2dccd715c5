import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFile } from 'node:fs/promises';
import { openApiText, openApiDocument } from '../../src/openapi.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { Answer, ApiClient } from '../harness/api-client.js';
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
        '/v1/purchases/{id}/returns',
        '/v1/purchases/{id}/exchanges',
        '/v1/returns',
        '/v1/returns/{id}',
        '/v1/purchases/{id}/events',
        '/v1/adjustments',
        '/v1/adjustments/{id}/approve',
        '/v1/adjustment-reasons',
        '/v1/members/{id}/lots/{lotId}/extend',
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
        '/v1/admin/verify-runs',
        '/v1/admin/verify-runs/{id}',
        '/v1/admin/anchors',
        '/v1/admin/anchors/public-key',
      ]),
    );
  });

  it('promises what is really answered', async () => {
    const { api } = engine;
    await (await new ProgrammeBuilder(api).shop()).tiers();
    const document = openApiDocument(engine.engine.app);
    const ajv = new Ajv2020({ strict: false });
    ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/);
    const checked: string[] = [];
    const keeps = (name: string, { body }: Answer): Answer['body'] => {
      const validate = ajv.compile({ components: document.components, $ref: `#/components/schemas/${name}` });
      expect({ name, valid: validate(body), errors: validate.errors }).toEqual({
        name,
        valid: true,
        errors: null,
      });
      checked.push(name);
      return body;
    };
    const member = { externalId: 'O-1' };
    const { id } = keeps(
      'Member',
      await api.post('/v1/members', {
        ...member,
        identities: [{ type: 'card', value: '1' }],
        birthDate: '1990-05-03',
      }),
    );
    const lines = [line({ amountMinor: 300_000 })];
    keeps('Purchase', await api.post('/v1/purchases?explain=true', receipt({ member, lines })));
    keeps('Purchase', await api.post('/v1/purchases?dryRun=true', receipt({ member })));
    const bought = keeps('Purchase', await api.post('/v1/purchases', receipt({ member, lines })));
    const back = { source: 'store-1', occurredAt: '2026-11-20T11:00:00+08:00' };
    const some = { ...back, receiptNo: 'RT-1', lines: [{ lineNo: 1, amountMinor: 100 }] };
    const { id: returnId } = keeps(
      'ReturnAnswer',
      await api.post(`/v1/purchases/${bought.id}/returns`, some),
    );
    keeps('Return', await api.get(`/v1/returns/${returnId}`));
    const sought = { ...back, receiptNo: 'RT-2', member, lines: [{ sku: 'A-77', amountMinor: 100 }] };
    keeps('FoundReturns', await api.post('/v1/returns', sought));
    const { member: _, ...next } = receipt({ occurredAt: back.occurredAt });
    const whole = { return: { whole: true }, purchase: next };
    keeps('ExchangeAnswer', await api.post(`/v1/purchases/${bought.id}/exchanges`, whole));
    const held = keeps(
      'RedemptionAnswer',
      await api.post('/v1/redemptions', { member, points: 20, mode: 'authorise' }),
    );
    keeps('Redemption', await api.get(`/v1/redemptions/${held.id}`));
    keeps('RedemptionAnswer', await api.post(`/v1/redemptions/${held.id}/capture`, { points: 5 }));
    keeps('ReversalAnswer', await api.post(`/v1/redemptions/${held.id}/reverse`, { points: 2 }));
    const other = await api.post('/v1/redemptions', { member, points: 20, mode: 'authorise' });
    keeps(
      'RedemptionAnswer',
      await api.post(`/v1/redemptions/${other.body.id}/extend`, { holdSeconds: 1800 }),
    );
    keeps('RedemptionAnswer', await api.post(`/v1/redemptions/${other.body.id}/void`));
    await new ProgrammeBuilder(api).adjustmentReason('sorry');
    const give = { member, points: 5, reason: 'sorry' };
    const adjusted = keeps('AdjustmentAnswer', await api.post('/v1/adjustments', give));
    keeps('Adjustment', await api.get(`/v1/adjustments/${adjusted.id}`));
    keeps('Adjustments', await api.get('/v1/adjustments'));
    const [{ lotId }] = adjusted.lots;
    keeps('LotWaitAnswer', await api.post(`/v1/members/${id}/lots/${lotId}/activate`, { reason: 'sorry' }));
    const reported = await api.post('/v1/purchases', receipt({ member }));
    const delivered = { type: 'delivered' };
    keeps('PurchaseEvent', await api.post(`/v1/purchases/${reported.body.id}/events`, delivered));
    keeps('Members', await api.get('/v1/members'));
    keeps('Balance', await api.get(`/v1/members/${id}/balance`));
    keeps('Standing', await api.get(`/v1/members/${id}/standing`));
    keeps('Lots', await api.get(`/v1/members/${id}/lots`));
    keeps('Movements', await api.get(`/v1/members/${id}/movements?limit=2`));
    await accountsMeet(api, keeps);
    keeps('MemberClosed', await api.post(`/v1/members/${id}/close`));
    keeps('Events', await api.get('/v1/events'));
    keeps('Anchors', await api.get('/v1/admin/anchors'));
    keeps('AnchorKeys', await api.get('/v1/admin/anchors/public-key'));
    keeps('VerifyReport', await api.get('/v1/admin/verify'));
    keeps('VerifyRun', await api.post('/v1/admin/verify-runs'));
    keeps('Problem', await api.post('/v1/purchases', {}));
    const promised = JSON.stringify(document.paths).matchAll(/schemas\/([A-Z][A-Za-z]*?)"/g);
    const answers = new Set(
      [...promised].map(([, name]) => name as string).filter((name) => !name.endsWith('Dto')),
    );
    expect([...answers].sort()).toEqual([...new Set(checked)].sort());
  });
});

/** Points and members change accounts. */
async function accountsMeet(
  api: ApiClient,
  keeps: (name: string, answer: Answer) => Answer['body'],
): Promise<void> {
  await new ProgrammeBuilder(api).policy({ transfers: { expiry: 'keep' } });
  const [head, adult, twin] = await Promise.all(
    ['O-2', 'O-3', 'O-4'].map(async (externalId) => {
      const { id } = (await api.post('/v1/members', { externalId })).body;
      await api.post('/v1/purchases', receipt({ member: { externalId } }));
      return { id: id as string };
    }),
  );
  const gift = { from: head, to: adult, points: 5, note: 'Thanks' };
  const { id: transferId } = keeps('TransferAnswer', await api.post('/v1/transfers', gift));
  keeps('Transfer', await api.get(`/v1/transfers/${transferId}`));
  const { id } = keeps('HouseholdJoined', await api.post('/v1/households', { head }));
  keeps('Household', await api.get(`/v1/households/${id}`));
  const join = { member: adult, role: 'earner' };
  keeps('HouseholdJoined', await api.post(`/v1/households/${id}/members`, join));
  const path = `/v1/households/${id}/members/${adult?.id}`;
  keeps('HouseholdRole', await api.patch(path, { role: 'adult' }));
  keeps('Member', await api.get(`/v1/members/${adult?.id}`));
  keeps('HouseholdLeft', await api.post(`${path}/leave`, { split: 'equal' }));
  keeps('Households', await api.get('/v1/households'));
  keeps('MembersMerged', await api.post(`/v1/members/${adult?.id}/merge`, { duplicate: twin }));
  keeps('Member', await api.get(`/v1/members/${twin?.id}`));
}
