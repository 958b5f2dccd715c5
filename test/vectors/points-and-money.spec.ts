import { readFileSync } from 'node:fs';
import type { PurchaseLine, Tender } from '../../src/kernel/domain-events.js';
import type { PurchaseId, RedemptionId } from '../../src/kernel/ids.js';
import { formatSubLedger } from '../../src/kernel/money.js';
import { lotLiability } from '../../src/ledger/domain/lot.js';
import { order } from '../builders/adjustment.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { requested, Shop, type Person } from '../builders/shop.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';

interface Vector {
  readonly id: string;
  readonly title: string;
  readonly policy: Parameters<ConfigurationBuilder['accounting']>[0];
  readonly stepMinor?: number;
  readonly earnOnPointsPaid?: boolean;
  /** Points that the account owes before. */
  readonly debt?: number;
  readonly receipt: {
    readonly lines: readonly Partial<PurchaseLine>[];
    readonly tenders?: readonly Tender[];
    /** Points used on the receipt beside its tenders, 1.00 each. */
    readonly pointsUsed?: number;
  };
  readonly lots: readonly { readonly points: number; readonly allocated: string }[];
  /** Money of the first line that comes back, and what is owed of the receipt then. */
  readonly returnedMinor?: number;
  readonly liabilityAfterReturn?: string;
  /** What leaves the liability when the receipt is taken back as fraud, after that return. */
  readonly releasedAsFraud?: string;
}

const { vectors } = JSON.parse(readFileSync('test/vectors/points-and-money.json', 'utf8')) as {
  readonly vectors: readonly Vector[];
};

/** Where a point takes 1.00 off the basket; points for other purposes are given freely. */
function shopOf({ policy, stepMinor = 1000, earnOnPointsPaid = false }: Vector): Shop {
  const config = new ConfigurationBuilder()
    .policy({ pointsOffBasket: { minorPerPoint: 100, minimumPoints: 1 } })
    .accounting(policy)
    .rule({ amount: perSpend({ stepMinor }), earnOnPointsPaid })
    .adjustmentReason('sorry')
    .adjustmentReason('breach', { direction: 'debit', origin: null });
  return new Shop(config);
}

function usePoints(shop: Shop, member: Person, points: number): RedemptionId {
  shop.does(order(member, shop, { points }));
  return shop.does(shop.redeem(member, { points })).id as RedemptionId;
}

/** Points that are earned, spent, and taken back with their goods. */
function owe(shop: Shop, member: Person, points: number, stepMinor: number): void {
  const bought = shop.does(
    shop.purchase(member, { lines: purchaseLines({ amountMinor: points * stepMinor }) }),
  );
  shop.does(shop.redeem(member, { points }));
  shop.does(shop.returns(bought['id']));
}

describe('figures of points and money', () => {
  it.each(vectors.map((vector) => [vector.id, vector.title, vector] as const))(
    '%s: %s',
    (_id, _title, vector) => {
      const { receipt, debt = 0, lots, returnedMinor, liabilityAfterReturn, releasedAsFraud } = vector;
      const shop = shopOf(vector);
      const member = shop.member();
      const tenders = receipt.tenders ?? [];
      const tendered = tenders.filter(({ type }) => type === 'points');
      const used = [...tendered.map(({ amountMinor }) => amountMinor / 100), receipt.pointsUsed ?? 0];
      const redemptionIds = used
        .filter((points) => points > 0)
        .map((points) => usePoints(shop, member, points));
      if (debt > 0) owe(shop, member, debt, vector.stepMinor ?? 1000);
      const bought = shop.does(
        shop.purchase(member, { lines: purchaseLines(...receipt.lines), tenders, redemptionIds }),
      );
      const own = () =>
        [...shop.ledger(member).lots.values()].filter(({ purchaseId }) => purchaseId === bought['id']);
      expect(
        own().map(({ points, allocated }) => ({ points, allocated: formatSubLedger(allocated, 'PLN') })),
      ).toEqual(lots);
      expect(bought['pointsToDebt']).toBe(Math.min(debt, bought['pointsGranted'] as number));
      if (returnedMinor !== undefined) {
        shop.does(
          shop.returns(bought['id'], {
            lines: [requested({ lineNo: 1, amountMinor: returnedMinor })],
            whole: false,
          }),
        );
        const owed = own().reduce((sum, lot) => sum + lotLiability(lot), 0n);
        expect(formatSubLedger(owed, 'PLN')).toBe(liabilityAfterReturn);
      }
      if (releasedAsFraud !== undefined) {
        const purchaseId = bought['id'] as PurchaseId;
        const before = shop.ledger(member).movements.length;
        const debit = { kind: 'debit', debitKind: 'fraud', reason: 'breach', purchaseId } as const;
        shop.does(order(member, shop, debit));
        const moved = shop.ledger(member).movements.slice(before);
        const released = moved
          .filter(({ eventCode }) => eventCode === 'E17')
          .reduce((sum, { liability }) => sum - liability, 0n);
        expect(formatSubLedger(released, 'PLN')).toBe(releasedAsFraud);
        expect(own().reduce((sum, lot) => sum + lotLiability(lot), 0n)).toBe(0n);
      }
      // What fills a debt in the command that grants it moves no money.
      const settled = shop.ledger(member).movements.filter(({ to }) => to === 'settled');
      expect(settled.reduce((sum, { liability }) => sum + liability, 0n)).toBe(0n);
      expectLedgerToAddUp(shop.ledger(member));
    },
  );
});
