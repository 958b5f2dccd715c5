import { leaves, opensHousehold, joins, sends } from '../../../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { numberedId } from '../../../../test/builders/ids.js';
import { accepted, Shop, type Person } from '../../../../test/builders/shop.js';
import { ok, refuse } from '../../../kernel/result.js';
import { ledgerSlice } from '../../../ledger/index.js';
import type { Command, CommandHandler } from '../contract/command.js';
import { pipelineProblems } from '../contract/problems.js';
import type { Work } from '../contract/work.js';

interface Seen {
  own: Work;
  other: Work | null;
}

/** A shop with one more command, on two accounts, that does what it is told. */
function shopWith(act: (seen: Seen) => 'nothing' | 'refuse' | 'own' | 'other' | 'both') {
  const seen: Seen[] = [];
  const handler: CommandHandler = {
    type: 'test.meet',
    needsLazyRows: () => true,
    unknownTarget: () => pipelineProblems.problem('CONTENDED', 'no target'),
    unknownCounterparty: () => pipelineProblems.problem('CONTENDED', 'no counterparty'),
    naturalConflict: () => pipelineProblems.problem('CONTENDED', 'conflict'),
    decide: (_body, own, other) => {
      seen.push({ own, other });
      const what = act({ own, other });
      if (what === 'refuse') return refuse(pipelineProblems.problem('CONTENDED', 'refused'));
      const touched = { own: [own], other: [other], both: [own, other], nothing: [] }[what];
      for (const work of touched) work?.emit({ type: 'points.expired', data: { lots: [] } });
      return ok({ status: 200, body: {} });
    },
  };
  const { rules } = new Shop();
  const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
  const shop = new Shop(new ConfigurationBuilder().policy({ transfers }).accounting().rule(), {
    ...rules,
    handlers: new Map([...rules.handlers, [handler.type, handler]]),
  });
  const meets = (one: Person, other: Person, options: { dryRun?: boolean } = {}): Command =>
    shop.command(
      handler.type,
      { kind: 'member', id: one.memberId },
      {},
      { counterparty: { kind: 'member', id: other.memberId }, ...options },
    );
  return { shop, meets, seen };
}

describe('a command on two accounts', () => {
  it.each(['own', 'other', 'both'] as const)('is guarded by both, though it changes %s', (what) => {
    const { shop, meets } = shopWith(() => what);
    const [one, other] = [shop.member(), shop.member()];
    const { atomicPairs } = shop.decide(meets(one, other));
    expect(atomicPairs).toEqual([[one.accountId, other.accountId]]);
    expect([one, other].map((member) => shop.hasChanged(member))).toEqual([true, true]);
  });

  it('takes back with it what wrote a claim alone beside it, which hangs on its own account', () => {
    const { shop, meets } = shopWith(({ own }) => (own.memberId === idle.memberId ? 'nothing' : 'both'));
    const [one, other, idle] = [shop.member(), shop.member(), shop.member()];
    const keyed = { ...meets(idle, other), idempotencyKey: 'nothing-to-do' };
    const beside = shop.decide(keyed, meets(one, other));
    expect(beside.newClaims.map(({ claim: { scope }, accountId }) => [scope, accountId])).toEqual([
      ['idempotency-key', idle.accountId],
      ['command', one.accountId],
    ]);
    expect(shop.hasChanged(idle)).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['refuse', {}],
    ['both', { dryRun: true }],
  ] as const)('that leaves all as it is ties nothing together: %s', (what, options) => {
    const { shop, meets } = shopWith(() => what);
    const [one, other] = [shop.member(), shop.member()];
    expect(shop.decide(meets(one, other, options)).atomicPairs).toEqual([]);
    expect([one, other].map((member) => shop.hasChanged(member))).toEqual([false, false]);
  });

  it('has no counterparty where both names are one member’s', () => {
    const { shop, meets, seen } = shopWith(() => 'own');
    const one = shop.member();
    expect(shop.decide(meets(one, one)).atomicPairs).toEqual([]);
    expect(seen[0]?.other).toBeNull();
  });

  it('sees one account where two members share it, whichever of them changes it', () => {
    const { shop, meets } = shopWith(({ own, other }) => {
      const lots = [...own.account(ledgerSlice).lots.values()];
      const [lot] = lots;
      if (lot) own.emit({ type: 'points.expired', data: { lots: [{ lotId: lot.lotId, points: 4 }] } });
      expect(other?.accountId).toBe(own.accountId);
      expect(other?.account(ledgerSlice).available).toBe(6);
      return 'nothing';
    });
    const [head, adult] = [shop.member(), shop.member()];
    shop.does(shop.purchase(head));
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, adult, id));
    expect(shop.decide(meets(head, adult)).atomicPairs).toEqual([]);
    expect(shop.ledger({ ...head, accountId }).available).toBe(6);
  });

  it('is refused for an unknown target and for an unknown counterparty', () => {
    const { shop, meets } = shopWith(() => 'both');
    const command = meets(shop.member(), shop.member());
    const nobody = { kind: 'member', id: numberedId('mbr', 9999) } as const;
    expect(shop.refuses({ ...command, target: nobody }).detail).toBe('no target');
    expect(shop.refuses({ ...command, counterparty: nobody }).detail).toBe('no counterparty');
  });

  it('finds what is due applied to both', () => {
    const shop = shopWith(() => 'nothing').shop;
    const [one, other] = [shop.member(), shop.member()];
    for (const member of [one, other]) shop.does(shop.purchase(member));
    shop.at('2028-01-01T12:00:00+01:00');
    expect(shop.refuses(sends(shop, one, other, 1))).toMatchObject({ meta: { available: 0 } });
    const fresh = shop.member();
    shop.does(shop.purchase(fresh));
    expect(shop.does(sends(shop, fresh, other, 1)).to.balance.available).toBe(1);
    expect(shop.ledger(other)).toMatchObject({ available: 1, lifetimeEarned: 10 });
  });

  it('after another of its batch is decided on what that left of either', () => {
    const { shop } = shopWith(() => 'nothing');
    const [a, b, c] = [shop.member(), shop.member(), shop.member()];
    shop.does(shop.purchase(a));
    const outcomes = shop.batch(sends(shop, a, b, 10), sends(shop, b, c, 10), sends(shop, c, a, 10));
    expect(outcomes.map((outcome) => accepted(outcome).to.balance.available)).toEqual([10, 10, 10]);
    expect([a, b, c].map((member) => shop.ledger(member).available)).toEqual([10, 0, 0]);
  });
});

describe('commands after one that moved members of their accounts', () => {
  it('are deferred, of the member that left and of those that stayed, and no others', () => {
    const { shop } = shopWith(() => 'nothing');
    const [head, adult, other] = [shop.member(), shop.member(), shop.member()];
    const { id } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, adult, id));
    const { deferred } = shop.decide(
      shop.purchase(adult),
      leaves(shop, adult, id),
      shop.purchase(adult),
      shop.purchase(head),
      shop.purchase(other),
    );
    expect([...deferred]).toEqual([2, 3]);
  });

  it('are answered at once if they are repeats', () => {
    const { shop } = shopWith(() => 'nothing');
    const [head, adult] = [shop.member(), shop.member()];
    const { id } = shop.does(opensHousehold(shop, head));
    const join = () => joins(shop, adult, id, 'adult', { idempotencyKey: 'once' });
    const { outcomes, deferred } = shop.decide(join(), join());
    expect([...deferred]).toEqual([]);
    expect(outcomes[1]).toMatchObject({ kind: 'answered', replayed: true });
  });
});
