import type { AdjustmentFacts } from './adjustment-facts.js';
import { hasLapsed, orderOf, saidPoints } from './order.js';
import { reinstatedOf } from './reinstated.js';

const RECEIPT = 'pur_01h455vb4pex5vsknk084sn02q';
const LOT = 'lot_01h455vb4pex5vsknk084sn02q';

function request(overrides: Partial<AdjustmentFacts> = {}): AdjustmentFacts {
  return {
    adjustmentId: 'adj_01h455vb4pex5vsknk084sn02q',
    memberId: 'mbr_01h455vb4pex5vsknk084sn02q',
    kind: 'credit',
    status: 'requested',
    points: 50,
    reason: { id: 'sorry', version: 1 },
    origin: 'goodwill',
    lotId: null,
    debitKind: null,
    correctsId: null,
    purchaseId: null,
    outcome: null,
    expiringBy: null,
    expiresAt: null,
    occurredAt: 7,
    lots: [],
    evidence: null,
    approvedBy: null,
    externalId: null,
    requestedBy: 'key_01h455vb4pex5vsknk084sn02q',
    requestedAt: 0,
    lapsesAt: 1000,
    decision: null,
    ...overrides,
  };
}

describe('what a request asks for when it is approved', () => {
  it('is what it asked for when it was made', () => {
    expect(orderOf(request())).toMatchObject({
      points: 50,
      reason: 'sorry',
      origin: 'goodwill',
      occurredAt: 7,
    });
  });

  it('is what there is by then, where the lots say how many', () => {
    for (const kind of ['extension', 'activation', 'cancellation'] as const) {
      expect(orderOf(request({ kind })).points).toBeNull();
    }
    expect(orderOf(request({ kind: 'reinstatement', lotId: LOT })).points).toBe(50);
  });

  it('is what a receipt has left by then, where it is fraud', () => {
    const fraud = { kind: 'debit', debitKind: 'fraud', purchaseId: RECEIPT } as const;
    expect(orderOf(request(fraud))).toMatchObject({ debitKind: 'fraud', purchaseId: RECEIPT, points: null });
  });

  it('takes points as of the approval, whatever was said', () => {
    expect(orderOf(request({ kind: 'debit' })).occurredAt).toBeNull();
  });
});

describe('a request', () => {
  it('lapses from its instant on while it waits, and only then', () => {
    expect(hasLapsed(request(), 999)).toBe(false);
    expect(hasLapsed(request(), 1000)).toBe(true);
    expect(hasLapsed(request({ status: 'posted' }), 1000)).toBe(false);
    expect(hasLapsed(request({ lapsesAt: null }), 1000)).toBe(false);
  });
});

describe('what was given back of a lot', () => {
  it('counts posted reinstatements of that lot', () => {
    const back = { kind: 'reinstatement', lotId: LOT, status: 'posted' } as const;
    const other = 'lot_01h455vb4pex5vsknk084sn02r';
    const made = [
      request({ ...back, points: 3 }),
      request({ ...back, points: 4 }),
      request({ ...back, lotId: other }),
      request({ ...back, status: 'requested' }),
      request({ ...back, status: 'rejected' }),
      request({ ...back, kind: 'extension' }),
    ];
    expect(reinstatedOf(LOT, made)).toBe(7);
  });
});

describe('the points of an order that must say them', () => {
  it('are what it says', () => expect(saidPoints(orderOf(request()))).toBe(50));

  it.each([0, null])('are never %s', (points) => {
    expect(() => saidPoints({ ...orderOf(request()), points })).toThrow('let through');
  });
});
