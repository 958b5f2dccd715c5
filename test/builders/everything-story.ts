import { runJob } from '../harness/run-job.js';
import type { TestEngine } from '../harness/engine.js';
import type { MovingClock } from '../harness/moving-clock.js';
import { ProgrammeBuilder } from './programme.js';
import { line, receipt } from './receipt.js';

export const STORY_BEGINS = Date.parse('2026-03-02T12:00:00+08:00');

/**
 * A small world in which everything that the engine can write was written once: receipts, returns, redemptions,
 * opening balances, transfers, households, a merge, adjustments, waiting points, expiries, tiers, configuration, keys and anchors.
 */
export class EverythingStory {
  constructor(
    private readonly engine: TestEngine,
    private readonly clock: MovingClock,
  ) {}

  async tell(): Promise<void> {
    await this.configuration();
    await this.members();
    await this.points();
    await this.people();
    await this.days();
    await this.whatIf();
  }

  private async whatIf(): Promise<void> {
    await this.post('/v1/simulations', { window: { from: '2026-03-01' }, drafts: [] });
    await runJob(this.engine.engine.app, 'simulations');
  }

  private async configuration(): Promise<void> {
    const { api } = this.engine;
    const programme = await new ProgrammeBuilder(api).shop();
    await programme.policy({
      expiry: { type: 'months', months: 3 },
      transfers: { expiry: 'keep' },
      booksFrom: '2026-03',
      closing: { graceDays: 400 },
      unmatchedReceipts: { claimDays: 300 },
    });
    await programme.rule('base', {
      lines: { includeCategories: ['x'] },
      limits: [{ period: 'day', points: 100_000 }],
    });
    const pending = { type: 'event', event: 'delivered', cancelAfterDays: 40 };
    await programme.rule('ordered', { lines: { includeCategories: ['ordered'] }, pending, gives: 'both' });
    await programme.rule('status', {
      gives: 'status',
      amount: { type: 'perSpend', points: 2, stepMinor: 1000 },
    });
    await programme.rule('club', {
      lines: { includeCategories: ['club'] },
      expiry: { type: 'sliding', days: 45 },
    });
    await programme.budget('campaign', { points: 50, warnAtPercent: 10 });
    await programme.rule('campaign', {
      lines: { includeCategories: ['campaign'] },
      budget: { budgetId: 'campaign' },
    });
    await programme.rule('short', {
      lines: { includeCategories: ['short'] },
      expiry: { type: 'days', days: 1 },
    });
    await programme.rule('regular', {
      condition: 'history.purchases("lifetime") > 1000 && history.visits("30 days") > 3',
      amount: { type: 'perSpend', points: 1, stepMinor: 1000 },
    });
    await programme.activityType('check-in');
    await programme.rule('check-in', {
      trigger: { type: 'activity', activity: 'check-in' },
      amount: { type: 'fixed', points: 5 },
    });
    await programme.rule('welcome', {
      trigger: {
        ...{ type: 'milestone', measure: 'purchases', step: 1, first: 1 },
        window: { type: 'lifetime' },
      },
      amount: { type: 'fixed', points: 10 },
    });
    await programme.campaign('spring', {
      places: { inAll: 40, perDay: 20 },
      closesAt: '2026-04-01T00:00:00+08:00',
      opensAt: '2026-03-01T00:00:00+08:00',
    });
    await programme.rule('spring', {
      trigger: { type: 'registration', campaign: 'spring' },
      amount: { type: 'fixed', points: 6 },
    });
    await programme.rule('birthday', {
      trigger: { type: 'calendar', on: 'birthday' },
      amount: { type: 'fixed', points: 25 },
    });
    await programme.tiers({ validity: { type: 'months', months: 12 } });
    await programme.rule('promotion', {
      trigger: { type: 'promotion' },
      amount: { type: 'fixed', points: 30 },
    });
    await programme.reward('mug', {}, 5);
    await programme.adjustmentReason('sorry', { approvalAbove: 500 });
    await this.post('/v1/earning-rules/short/pause');
    await this.post('/v1/earning-rules/short/resume', { note: 'a mistake' });
    await api.put('/v1/rewards/mug/draft', { name: 'mug', points: 60 });
    await this.post('/v1/rewards/mug/publish', { effectiveAt: '2090-01-01T00:00:00Z' });
    await this.post('/v1/rewards/mug/versions/2/withdraw', { note: 'not yet' });
    await this.forTwo();
    await api.put('/v1/earning-rules/draft-only/draft', {
      name: 'draft',
      amount: { type: 'perSpend', points: 1, stepMinor: 1000 },
    });
  }

  /** A policy that wants a second person no more, which a second person rejects. */
  private async forTwo(): Promise<void> {
    const { api } = this.engine;
    const policy = '/v1/programmes/policy';
    const { definition } = (await ok(api.get(policy))).data.at(-1);
    await ok(api.put(`${policy}/draft`, { ...definition, twoPersons: ['reward'] }));
    await this.post(`${policy}/publish`);
    await ok(api.put(`${policy}/draft`, { ...definition, twoPersons: [] }));
    const { id } = await this.post(`${policy}/publish`);
    await ok((api.second ?? api).post(`/v1/change-requests/${id}/reject`, {}));
    await ok(api.put(`${policy}/draft`, { ...definition, twoPersons: [] }));
    const { id: agreed } = await this.post(`${policy}/publish`);
    await ok((api.second ?? api).post(`/v1/change-requests/${agreed}/approve`, {}));
  }

  private async members(): Promise<void> {
    for (const externalId of ['A-1', 'B-2', 'C-3', 'D-4', 'E-5', 'F-6', 'G-7']) {
      const identities = [{ type: 'card', value: `card of ${externalId}` }];
      const person = { birthDate: '1990-03-04', attributes: { city: 'Taipei' } };
      await this.post('/v1/members', { externalId, identities, ...person });
    }
  }

  /** What happens to one member's points, and between two. */
  private async points(): Promise<void> {
    await this.broughtIn();
    await this.buys('A-1', 200_000);
    await this.buys('A-1', 90_000, 'ordered', { terminalId: 'till-1', terminalSequence: 7 });
    const { id: ordered } = await this.buys('A-1', 40_000, 'ordered');
    await this.post(`/v1/purchases/${ordered}/events`, { type: 'delivered' });
    await this.buys('A-1', 60_000, 'club');
    await this.buys('A-1', 30_000, 'short');
    await this.buys('A-1', 3_000, 'campaign');
    await this.registered();
    const { id: spent } = await this.buys('B-2', 100_000);
    const captured = await this.post('/v1/redemptions', {
      member: named('B-2'),
      points: 80,
      mode: 'capture',
      externalId: 'RD-1',
    });
    await this.keys(ordered);
    await this.post('/v1/redemptions', {
      member: named('A-1'),
      rewardId: 'mug',
      mode: 'authorise',
      holdSeconds: 600_000,
    });
    const voided = await this.post('/v1/redemptions', { member: named('A-1'), points: 7, mode: 'authorise' });
    await this.post(`/v1/redemptions/${voided.id}/void`);
    await this.post('/v1/transfers', {
      from: named('A-1'),
      to: named('B-2'),
      points: 50,
      externalId: 'TR-1',
    });
    await this.post(`/v1/purchases/${spent}/returns`, {
      source: 'store-1',
      receiptNo: 'RT-1',
      occurredAt: this.now(),
      whole: true,
    });
    await this.post(`/v1/redemptions/${captured.id}/reverse`, { points: 5 });
    await this.undo();
    await this.activities();
    await this.unmatched();
    await this.adjustments();
  }

  /** What a rule gave for one receipt is taken back. */
  private async undo(): Promise<void> {
    const { api, engine } = this.engine;
    this.clock.advance({ seconds: 1 });
    const from = this.now();
    await this.buys('B-2', 10_000);
    this.clock.advance({ seconds: 1 });
    const asked = await this.post('/v1/earning-rules/base/undo', { version: 2, from, reason: 'A mistake' });
    await ok((api.second as typeof api).post(`/v1/change-requests/${asked.id}/approve`));
    await runJob(engine.app, 'undo-grants');
  }

  /** Receipts without a member: one is claimed, one waits. */
  private async unmatched(): Promise<void> {
    const sale = { source: 'store-1', occurredAt: this.now(), currency: 'TWD', lines: [line()] };
    for (const receiptNo of ['U-1', 'U-2']) await this.post('/v1/purchases', { ...sale, receiptNo });
    const claim = { member: named('C-3'), source: 'store-1', receiptNo: 'U-1' };
    await this.post('/v1/purchases/claims', { ...claim, amountMinor: 105_000 });
  }

  private async activities(): Promise<void> {
    const checkIn = (externalId: string) =>
      this.post('/v1/activities', {
        ...{ type: 'check-in', externalId, member: named('C-3'), occurredAt: this.now() },
      });
    await checkIn('CI-1');
    const { id } = await checkIn('CI-2');
    await this.post(`/v1/activities/${id}/cancel`, { reason: 'Twice' });
  }

  private async broughtIn(): Promise<void> {
    const lot = {
      member: named('D-4'),
      origin: 'purchase',
      points: 90,
      carriedMinor: 7_000,
      earnedOn: '2025-11-05',
    };
    await ok(
      this.engine.api.post('/v1/opening-balances', {
        source: 'old-pos',
        control: { lots: 1, points: 90, carriedMinor: 7_000 },
        lots: [{ ...lot, externalId: 'L-1' }],
      }),
    );
  }

  private async adjustments(): Promise<void> {
    const by = (points: number, externalId: string) =>
      this.post('/v1/adjustments', {
        member: named('C-3'),
        points,
        reason: 'sorry',
        origin: 'goodwill',
        externalId,
      });
    await by(300, 'AD-1');
    await by(-20, 'AD-2');
    await by(900, 'AD-3');
    await this.fraud();
    const { id } = await by(700, 'AD-4');
    const checker = await this.engine.withScopes('admin');
    await ok(checker.post(`/v1/adjustments/${id}/approve`, { note: 'seen' }));
    await ok(
      this.engine.api.post(
        '/v1/adjustments',
        {
          member: named('C-3'),
          points: 1,
          reason: 'sorry',
          origin: 'goodwill',
        },
        { 'idempotency-key': 'once' },
      ),
    );
  }

  /** Commands that change nothing and leave the keys they came with. */
  private async keys(purchaseId: string): Promise<void> {
    const { api } = this.engine;
    const path = `/v1/purchases/${purchaseId}/events`;
    await ok(api.post(path, { type: 'delivered' }, { 'idempotency-key': 'nothing-to-do' }));
    const again = { member: named('B-2'), points: 80, mode: 'capture', externalId: 'RD-1' };
    await ok(api.post('/v1/redemptions', again, { 'idempotency-key': 'again' }));
  }

  private async registered(): Promise<void> {
    const path = '/v1/campaigns/spring/registrations';
    await this.post(path, { member: named('A-1') });
    const { id } = await this.post(path, { member: named('B-2') });
    await this.post(`${path}/${id}/cancel`, { reason: 'asked for' });
  }

  /** A receipt that is taken back by hand. */
  private async fraud(): Promise<void> {
    const { id: purchaseId } = await this.buys('C-3', 50_000);
    const debit = { member: named('C-3'), kind: 'fraud', purchaseId, reason: 'sorry', externalId: 'AD-5' };
    await this.post('/v1/adjustments', debit);
  }

  /** Members who share an account, leave it, and turn out to be one. */
  private async people(): Promise<void> {
    const idOf = async (externalId: string) =>
      (await this.engine.api.get(`/v1/members?externalId=${externalId}`)).body.data[0].id as string;
    await this.buys('D-4', 50_000);
    await this.buys('E-5', 120_000);
    await this.buys('F-6', 20_000);
    const { id } = await this.post('/v1/households', { name: 'The Lins', head: named('D-4') });
    await this.post(`/v1/households/${id}/members`, { member: named('E-5'), role: 'adult' });
    await this.buys('E-5', 600_000);
    const other = await this.post('/v1/households', { name: 'The Wus', head: named('F-6') });
    await this.post(`/v1/households/${other.id}/members/${await idOf('F-6')}/leave`, {});
    await this.post(`/v1/members/${await idOf('A-1')}/merge`, { duplicate: named('F-6') });
    await this.buys('G-7', 30_000);
    await this.post(`/v1/members/${await idOf('G-7')}/close`, {});
    await ok(this.engine.api.patch(`/v1/members/${await idOf('C-3')}`, { attributes: { city: 'Tainan' } }));
  }

  /** Three nights with anchors, an expiry, and a receipt a day. */
  private async days(): Promise<void> {
    for (const day of ['03', '04', '05']) {
      this.clock.set(`2026-03-${day}T00:11:00+08:00`);
      for (let look = 0; look < 2; look += 1) await runJob(this.engine.engine.app, 'anchors');
      this.clock.set(`2026-03-${day}T12:00:00+08:00`);
      await this.buys('A-1', 20_000);
    }
    await this.engine.withScopes('auditor');
  }

  private buys(externalId: string, amountMinor: number, category = 'x', further: object = {}) {
    const lines = [line({ amountMinor, taxMinor: 0, category })];
    const sale = { member: named(externalId), occurredAt: this.now(), lines, ...further };
    return this.post('/v1/purchases', receipt(sale));
  }

  private post(path: string, body: object = {}) {
    return ok(this.engine.api.post(path, body));
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function named(externalId: string): object {
  return { externalId };
}

async function ok(sent: ReturnType<TestEngine['api']['get']>) {
  const answer = await sent;
  if (answer.status > 202) throw new Error(`${answer.status}: ${answer.text}`);
  return answer.body;
}
