import type { Answer, ApiClient } from '../harness/api-client.js';
import { ProgrammeBuilder } from './programme.js';
import { line, receipt } from './receipt.js';

/** Asks for every operation of the API once, so that it does what it is for; each answer is held to the document. */
export async function askForEverything(api: ApiClient): Promise<void> {
  await configure(api);
  const lin = await done(api.post('/v1/members', person('O-1')));
  await changeMembers(api, lin.id);
  await bringIn(api);
  const sold = await sell(api);
  await claims(api);
  await takeBack(api, sold);
  await undo(api);
  await act(api);
  await registerFor(api);
  await redeem(api);
  await adjust(api, lin.id);
  await accountsMeet(api, lin.id);
  await readAll(api, lin.id);
  await done(api.post(`/v1/members/${lin.id}/close`));
}

const member = { externalId: 'O-1' };
const occurredAt = '2026-11-20T11:00:00+08:00';

function person(externalId: string): object {
  const identities = [{ type: 'card', value: externalId }];
  return { externalId, identities, birthDate: '1990-05-03', attributes: { shoe: 41 } };
}

/** The body of an answer that is no refusal. */
async function done(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body, text } = await asked;
  if (status >= 300) throw new Error(`refused: ${text}`);
  return body;
}

/** Another key, which approves what the first asked for. */
function second(api: ApiClient): ApiClient {
  if (api.second) return api.second;
  throw new Error('this takes a key of another line');
}

async function bringIn(api: ApiClient): Promise<void> {
  const control = { lots: 2, points: 12, carriedMinor: 900 };
  const lot = { member, origin: 'purchase', points: 6, carriedMinor: 450, earnedOn: '2026-05-03' };
  const lots = [
    { ...lot, externalId: 'L-1' },
    // Refused by itself, so that the answer has a problem, too.
    { ...lot, externalId: 'L-2', earnedOn: '2026-11-03' },
  ];
  await done(api.post('/v1/opening-balances', { source: 'old', control, lots }));
  await done(api.get('/v1/opening-balances/proof?source=old&lots=2&points=12&carriedMinor=900'));
}

async function configure(api: ApiClient): Promise<void> {
  await done(api.get('/v1/tier-sets/transition'));
  await done(api.get('/v1/conditions/vocabulary'));
  await done(api.post('/v1/conditions/check', { on: 'line', condition: 'line.sku == "A-77"' }));
  await done(api.post('/v1/conditions/check', { on: 'receipt', condition: 'receipt.total > 5' }));
  const programme = await (await new ProgrammeBuilder(api).shop()).tiers();
  await programme.policy({
    transfers: { expiry: 'keep' },
    booksFrom: '2026-11',
    unmatchedReceipts: { claimDays: 60 },
    tierExpiry: { basic: { type: 'months', months: 6 } },
  });
  await programme.reward('coffee', { points: 45, stocked: true }, 10);
  await programme.adjustmentReason('sorry');
  await programme.adjustmentReason('asked', { approvalAbove: 0 });
  await programme.adjustmentReason('short', { expiry: { type: 'days', days: 1 } });
  await programme.activityType('review', { attributes: [{ name: 'stars', type: 'whole', required: true }] });
  await programme.rule('review', {
    trigger: { type: 'activity', activity: 'review' },
    amount: { type: 'fixed', points: 30 },
  });
  await programme.budget('campaign', { points: 500, uses: 9, moneyMinor: 90_000, warnAtPercent: 50 });
  const campaign = { budgetId: 'campaign', onExceed: 'truncate' };
  await programme.rule('campaign', { budget: campaign });
  await programme.campaign('spring', { places: { inAll: 9 } });
  await programme.rule('spring-start', {
    trigger: { type: 'registration', campaign: 'spring' },
    amount: { type: 'fixed', points: 7 },
  });
  const kinds = [
    ...['earning-rules/base', 'rewards/coffee', 'adjustment-reasons/sorry', 'activity-types/review'],
    ...['earning-rules/campaign', 'budgets/campaign', 'campaigns/spring'],
  ];
  for (const kind of kinds) {
    const [version] = (await done(api.get(`/v1/${kind}`))).data;
    await done(api.get(`/v1/${kind.split('/')[0]}`));
    await draftAndDiscard(api, `/v1/${kind}`, version.definition);
  }
  for (const path of ['/v1/programmes/policy', '/v1/finance/policies', '/v1/tier-sets']) {
    const [version] = (await done(api.get(path))).data;
    await draftAndDiscard(api, path, version.definition);
  }
  await plannedAndPaused(api);
  await takesTwo(api);
  await done(api.get('/v1/conditions/vocabulary'));
  await done(api.post('/v1/conditions/check', { on: 'line', condition: 'line.amountMinor >= 50000' }));
  await done(api.get('/v1/programmes'));
  await done(api.post('/v1/programmes', { name: 'Another', currency: 'TWD', timeZone: 'Asia/Taipei' }));
  await done(api.get('/v1/programmes/current/terms'));
  const file = await done(api.get('/v1/programmes/current/export'));
  file.rewards.coffee.points = 50;
  const { definitions } = await done(api.post('/v1/programmes/current/plan', { programme: file }));
  if (definitions.length !== 1) throw new Error('one reward was to change');
  const key = await done(api.post('/v1/api-keys', { name: 'till', scopes: ['pos'] }));
  await done(api.get('/v1/api-keys'));
  await done(api.get('/v1/audit'));
  await done(api.delete(`/v1/api-keys/${key.id}`));
}

/** Publications that wait for a second person, and each decision on them. */
async function takesTwo(api: ApiClient): Promise<void> {
  const policy = '/v1/programmes/policy';
  const { definition } = (await done(api.get(policy))).data.findLast(
    ({ status }: { status: string }) => status === 'published',
  );
  const wanting = async (twoPersons: readonly string[]) => {
    await done(api.put(`${policy}/draft`, { ...definition, twoPersons }));
    return done(api.post(`${policy}/publish`));
  };
  await wanting(['earning-rule']);
  const rule = { name: 'for two', amount: { type: 'perSpend', points: 1, stepMinor: 1_000_000 } };
  // The first request lapses when the draft is saved again.
  await done(api.put('/v1/earning-rules/for-two/draft', rule));
  await done(api.post('/v1/earning-rules/for-two/publish'));
  const decisions = [
    ['withdraw', api],
    ['reject', second(api)],
    ['approve', second(api)],
  ] as const;
  for (const [decision, by] of decisions) {
    await done(api.put('/v1/earning-rules/for-two/draft', rule));
    const held = await done(api.post('/v1/earning-rules/for-two/publish'));
    await done(by.post(`/v1/change-requests/${held.id}/${decision}`, { note: 'seen' }));
    await done(api.get(`/v1/change-requests/${held.id}`));
  }
  await done(api.get('/v1/change-requests?state=applied'));
  const back = await wanting([]);
  await done(second(api).post(`/v1/change-requests/${back.id}/approve`));
}

/** What a rule gave is to be taken back, and is not. */
async function undo(api: ApiClient): Promise<void> {
  const body = { version: 1, from: '2026-11-01T00:00:00+08:00', reason: 'A mistake' };
  await done(api.post('/v1/earning-rules/base/undo?dryRun=true', body));
  const { id } = await done(api.post('/v1/earning-rules/base/undo', body));
  await done(second(api).post(`/v1/change-requests/${id}/approve`));
  const { data } = await done(api.get('/v1/undos'));
  await done(api.get(`/v1/undos/${data[0].id}`));
  await done(api.post(`/v1/undos/${data[0].id}/cancel`));
}

/** A version of each kind that is planned and taken back, and a rule that stands still for a moment. */
async function plannedAndPaused(api: ApiClient): Promise<void> {
  const ids = ['earning-rules/base', 'rewards/coffee', 'adjustment-reasons/sorry', 'activity-types/review'];
  for (const path of [...ids, 'programmes/policy', 'finance/policies', 'tier-sets']) {
    const { definition } = (await done(api.get(`/v1/${path}`))).data.at(-1);
    await done(api.put(`/v1/${path}/draft`, definition));
    const planned = await done(api.post(`/v1/${path}/publish`, { effectiveAt: '2090-01-01T00:00:00Z' }));
    await done(api.post(`/v1/${path}/versions/${planned.version}/withdraw`, { note: 'not yet' }));
  }
  // Only the first version of a budget may be planned.
  await done(api.put('/v1/budgets/later/draft', { name: 'later', points: 10 }));
  await done(api.post('/v1/budgets/later/publish', { effectiveAt: '2090-01-01T00:00:00Z' }));
  await done(api.post('/v1/budgets/later/versions/1/withdraw', { note: 'not yet' }));
  const times = { opensAt: '2090-01-01T00:00:00+08:00', closesAt: '2090-02-01T00:00:00+08:00' };
  await done(api.put('/v1/campaigns/later/draft', { names: { en: 'Later', 'zh-Hant': '之後' }, ...times }));
  await done(api.post('/v1/campaigns/later/publish', { effectiveAt: '2090-01-01T00:00:00Z' }));
  await done(api.post('/v1/campaigns/later/versions/1/withdraw', { note: 'not yet' }));
  await done(api.post('/v1/earning-rules/base/pause', {}));
  await done(api.post('/v1/earning-rules/base/resume', { note: 'it was right' }));
  await done(api.get('/v1/earning-rules/base/pauses'));
}

/** What was read can be sent back as it is. */
async function draftAndDiscard(api: ApiClient, path: string, definition: object): Promise<void> {
  await done(api.put(`${path}/draft`, definition));
  const { changes } = await done(api.get(`${path}/versions/1/diff/draft`));
  if (changes.length > 0) throw new Error(`${path}: a draft as published differs`);
  await done(api.delete(`${path}/draft`));
}

async function changeMembers(api: ApiClient, id: string): Promise<void> {
  await done(api.patch(`/v1/members/${id}`, { birthDate: null, attributes: {} }));
  await done(api.post(`/v1/members/${id}/suspend`));
  await done(api.post(`/v1/members/${id}/reactivate`));
}

const terminal = (terminalSequence: number) => ({ terminalId: 'till-1', terminalSequence });

async function sell(api: ApiClient): Promise<string> {
  const lines = [line({ amountMinor: 300_000 })];
  await done(api.post('/v1/purchases?explain=true', receipt({ member, lines })));
  await done(api.post('/v1/purchases?dryRun=true', receipt({ member })));
  const lot = `${JSON.stringify(receipt({ member }))}\nno receipt\n`;
  await done(api.raw('POST', '/v1/purchases:batch', lot, 'application/x-ndjson'));
  const tenders = [{ type: 'cash', amountMinor: 300_000 }];
  const { id } = await done(
    api.post('/v1/purchases', receipt({ member, lines, tenders, channel: 'web', ...terminal(7) })),
  );
  await done(api.post('/v1/purchases', receipt({ member, occurredAt, ...terminal(9) })));
  await done(api.get('/v1/reports/terminal-sequences?source=store-1&from=2026-11-20&to=2026-11-20'));
  await done(api.post(`/v1/purchases/${id}/events`, { type: 'delivered' }));
  await done(api.get(`/v1/purchases/${id}?explain=true`));
  return id as string;
}

/** Receipts without a member: one is claimed, of the other goods come back. */
async function claims(api: ApiClient): Promise<void> {
  const { member: _, ...sale } = receipt({ occurredAt, claimCode: true });
  await done(api.post('/v1/purchases', { ...sale, receiptNo: 'U-1' }));
  const { claimCode } = await done(api.post('/v1/purchases', { ...sale, receiptNo: 'U-2' }));
  await done(api.post('/v1/purchases?dryRun=true', { ...sale, receiptNo: 'U-3' }));
  await done(api.post('/v1/purchases/claims?explain=true', { member, claimCode }));
  const purchase = { source: sale['source'], receiptNo: 'U-1' };
  const back = { source: 'store-1', receiptNo: 'RT-U-1', occurredAt, purchase };
  await done(api.post('/v1/purchases/unmatched/returns', back));
  await done(api.get('/v1/purchases/unmatched'));
}

async function takeBack(api: ApiClient, id: string): Promise<void> {
  const back = { source: 'store-1', occurredAt };
  const some = { ...back, receiptNo: 'RT-1', lines: [{ lineNo: 1, amountMinor: 100 }] };
  const returned = await done(api.post(`/v1/purchases/${id}/returns`, some));
  await done(api.get(`/v1/returns/${returned.id}`));
  await done(api.get('/v1/returns'));
  await done(api.get('/v1/purchases?from=2020-01-01'));
  const sought = { ...back, receiptNo: 'RT-2', member, lines: [{ sku: 'A-77', amountMinor: 100 }] };
  await done(api.post('/v1/returns', sought));
  await done(api.get(`/v1/purchases/${id}`));
  const { member: _, ...next } = receipt({ occurredAt, lines: [line({ amountMinor: 300_000 })] });
  await done(api.post(`/v1/purchases/${id}/exchanges`, { return: { whole: true }, purchase: next }));
}

async function act(api: ApiClient): Promise<void> {
  const review = { type: 'review', externalId: 'rev-1', member, occurredAt, attributes: { stars: 5 } };
  await done(api.post('/v1/activities?explain=true&dryRun=true', review));
  const { id } = await done(api.post('/v1/activities?explain=true', review));
  await done(api.get(`/v1/activities/${id}?explain=true`));
  await done(api.post(`/v1/activities/${id}/cancel`, { reason: 'A fake' }));
  await done(api.get('/v1/activities?type=review'));
  await done(api.get(`/v1/activities/${id}`));
}

async function registerFor(api: ApiClient): Promise<void> {
  const path = '/v1/campaigns/spring/registrations';
  await done(api.post(`${path}?explain=true&dryRun=true`, { member }));
  const { id } = await done(api.post(`${path}?explain=true`, { member }));
  await done(api.get(`${path}/${id}?explain=true`));
  await done(api.post(`${path}/${id}/cancel`, { reason: 'The member asked for it.' }));
  await done(api.get(`${path}?from=2020-01-01`));
  await done(api.get(`${path}/${id}`));
  await done(api.get('/v1/campaigns/spring/places'));
}

async function redeem(api: ApiClient): Promise<void> {
  await done(
    api.post('/v1/redemptions', { member, rewardId: 'coffee', mode: 'capture', externalId: 'RD-1' }),
  );
  const hold = { member, points: 20, mode: 'authorise' };
  const held = await done(api.post('/v1/redemptions', hold));
  const path = `/v1/redemptions/${held.id}`;
  const once = (key: string) => ({ 'idempotency-key': key });
  await done(api.post(`${path}/extend`, { holdSeconds: 1800 }));
  await done(api.post(`${path}/capture`, { points: 5 }, once('capture')));
  await done(api.get(path));
  await done(api.get('/v1/redemptions'));
  await done(api.post(`${path}/reverse`, { points: 2 }, once('reverse')));
  const other = await done(api.post('/v1/redemptions', hold));
  await done(api.post(`/v1/redemptions/${other.id}/void`));
}

async function adjust(api: ApiClient, id: string): Promise<void> {
  const give = { member, points: 5, reason: 'sorry' };
  const given = await done(api.post('/v1/adjustments', give));
  await done(api.get(`/v1/adjustments/${given.id}`));
  const lot = `/v1/members/${id}/lots/${given.lots[0].lotId}`;
  const until = { reason: 'sorry', expiresAt: '2029-01-01T00:00:00+08:00' };
  await done(api.post(`${lot}/extend`, until));
  await done(
    api.post(`/v1/members/${id}/lots/extend`, { ...until, expiringBy: '2028-06-01T00:00:00+08:00' }),
  );
  await done(api.post(`${lot}/activate`, { reason: 'sorry' }));
  await done(api.post(`${lot}/cancel`, { reason: 'sorry' }));
  await done(api.post(`/v1/adjustments/${given.id}/reverse`, { reason: 'sorry' }));
  for (const decision of ['approve', 'reject']) {
    const asked = await done(api.post('/v1/adjustments', { ...give, reason: 'asked' }));
    await done(second(api).post(`/v1/adjustments/${asked.id}/${decision}`, { note: 'seen' }));
  }
  const late = { ...give, reason: 'short', occurredAt: '2026-10-01T00:00:00+08:00' };
  const expired = await done(api.post('/v1/adjustments', late));
  const gone = `/v1/members/${id}/lots/${expired.lots[0].lotId}`;
  await done(api.post(`${gone}/reinstate`, until));
  await done(api.get('/v1/adjustments'));
}

/** Points and members change accounts. */
async function accountsMeet(api: ApiClient, to: string): Promise<void> {
  const [head, adult, twin] = await Promise.all(
    ['O-2', 'O-3', 'O-4'].map(async (externalId) => {
      const { id } = await done(api.post('/v1/members', { externalId }));
      await done(api.post('/v1/purchases', receipt({ member: { externalId } })));
      return { id: id as string };
    }),
  );
  const gift = { from: head, to: { id: to }, points: 5, note: 'Thanks' };
  const transfer = await done(api.post('/v1/transfers', gift));
  await done(api.get(`/v1/transfers/${transfer.id}`));
  await done(api.get('/v1/transfers'));
  await takenElsewhere(api, to);
  await done(api.get(`/v1/members/${to}/events`));
  const { id } = await done(api.post('/v1/households', { name: 'Us', head }));
  await done(api.get(`/v1/households/${id}`));
  await done(api.get('/v1/households'));
  await done(api.post(`/v1/households/${id}/members`, { member: adult, role: 'earner' }));
  const path = `/v1/households/${id}/members/${adult?.id}`;
  await done(api.patch(path, { role: 'adult' }));
  await done(api.post(`${path}/leave`, { split: 'equal' }));
  await done(api.post(`/v1/members/${adult?.id}/merge`, { duplicate: twin }));
  await done(api.get(`/v1/members/${twin?.id}`));
}

/** A credit that is reversed after its points went to another account. */
async function takenElsewhere(api: ApiClient, to: string): Promise<void> {
  const giver = { externalId: 'O-5' };
  await done(api.post('/v1/members', giver));
  const credit = { member: giver, points: 9, reason: 'sorry', externalId: 'AD-9' };
  const { id } = await done(api.post('/v1/adjustments', credit));
  await done(api.post('/v1/transfers', { from: giver, to: { id: to }, points: 9, externalId: 'TR-9' }));
  await done(api.post(`/v1/adjustments/${id}/reverse`, { reason: 'sorry' }));
}

async function readAll(api: ApiClient, id: string): Promise<void> {
  await done(api.get('/v1/budgets/campaign/use'));
  const ofMember = [
    '',
    '/balance',
    '/standing',
    '/lots?limit=2',
    '/movements?limit=2',
    '/calendar-gifts',
    '/promotion-gifts',
  ];
  const finance = ['liability', 'tie-out', 'roll-forward', 'journal', 'lots'].map((report) => {
    const range = ['roll-forward', 'journal'].includes(report) ? 'from=2026-10&to=2026-12&' : '';
    return `/v1/finance/${report}?${range}format=`;
  });
  const window = { from: '2026-11-01', until: '2026-12-01' };
  const simulation = await done(api.post('/v1/simulations', { window, drafts: [] }));
  await done(api.get('/v1/simulations'));
  await done(api.get(`/v1/simulations/${simulation.id}`));
  await done(api.post(`/v1/simulations/${simulation.id}/cancel`));
  const run = await done(api.post('/v1/admin/verify-runs'));
  const paths = [
    ...ofMember.map((part) => `/v1/members/${id}${part}`),
    ...finance.flatMap((path) => [`${path}json`, `${path}csv`]),
    ...['/v1/members?limit=1', '/v1/members?externalId=O-1'],
    ...['/v1/events?types=purchase.recorded,points.granted', '/v1/events/schemas'],
    ...['/v1/admin/anchors', '/v1/admin/anchors/public-key', '/v1/admin/verify', '/v1/admin/jobs'],
    ...['/v1/admin/listeners', '/v1/admin/dead-letters'],
    ...[`/v1/admin/verify-runs/${run.id}`, '/health/live', '/health/ready', '/metrics'],
  ];
  for (const path of paths) await done(api.get(path));
}
