import { command, type Body, type Command, type Draw } from './command.js';
import { household, HOUSEHOLD_REFUSALS, merge } from './clan-operations.js';

/** The holder by which a reward's stock is counted. */
export const STOCK = 'stock';

/**
 * One kind of thing that can be done to points. To add one: an entry in `OPERATIONS`, and where it follows upon the
 * answer of another one, a line in that one's `sequels`.
 */
export interface Operation {
  readonly name: string;
  /** Codes of the refusals that may rightly happen. */
  readonly refusals: readonly string[];
  /** SQL that counts how often each of the keys in `$1` took effect: rows of `key` and `times`. */
  readonly effects: string;
  /** How often it is drawn, relative to the others; absent: only as a sequel. */
  readonly drawn?: { readonly weight: number; make(draw: Draw): Command };
}

const OCCURRED_AT = '2026-01-15T10:15:00+08:00';
const RETURNED_AT = '2026-01-16T10:15:00+08:00';
/** An order that was made much earlier would have been given up by now; the same instant however often it is sent. */
const ORDERED_AT = new Date().toISOString();
/** The category of goods whose points wait. */
export const ORDERED = 'ordered';
/** A week; a hold that a later command settles shall not lapse before. */
const LONG_HOLD_SECONDS = 604_800;
/** Of a hold that no command settles. */
export const SHORT_HOLD_SECONDS = 1;
/** So many points that now and then a member has too few. */
const MOST_REDEEMED = 6_000;

const RECEIPTS = `SELECT p.receipt_no AS key, count(*)::int AS times FROM purchases p
  WHERE p.receipt_no = ANY($1) GROUP BY p.receipt_no`;

const REDEMPTIONS = `SELECT r.external_id AS key, count(*)::int AS times FROM redemptions r
  WHERE r.external_id = ANY($1) GROUP BY r.external_id`;

const RETURNS = `SELECT r.receipt_no AS key, count(*)::int AS times FROM returns r
  WHERE r.receipt_no = ANY($1) GROUP BY r.receipt_no`;

const TRANSFERS = `SELECT t.external_id AS key, count(*)::int AS times FROM transfers t
  WHERE t.external_id = ANY($1) GROUP BY t.external_id`;

/** Events are written with their effect, once. */
const redemptionEvents = (
  type: string,
): string => `SELECT e.data->'redemption'->>'id' AS key, count(*)::int AS times
  FROM events e WHERE e.type = '${type}' AND e.data->'redemption'->>'id' = ANY($1) GROUP BY 1`;

/** Whatever has an effect leaves the claim of its idempotency key, with it. */
const KEYED = `SELECT k.key, count(*)::int AS times FROM claims k
  WHERE k.scope = 'idempotency-key' AND k.key = ANY($1) GROUP BY k.key`;

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'purchase',
    refusals: [],
    effects: RECEIPTS,
    drawn: { weight: 40, make: (draw) => purchase(draw) },
  },
  {
    // Both at once, and once more when both have been answered.
    name: 'duplicate purchase',
    refusals: [],
    effects: RECEIPTS,
    drawn: {
      weight: 10,
      make: (draw) => {
        const twice = purchase(draw, { operation: 'duplicate purchase', copies: 2 });
        return { ...twice, sequels: () => [{ ...twice, copies: 1, sequels: () => [] }] };
      },
    },
  },
  {
    name: 'purchase batch',
    refusals: [],
    effects: RECEIPTS,
    drawn: { weight: 2, make: purchaseBatch },
  },
  {
    name: 'redemption',
    refusals: ['INSUFFICIENT_POINTS'],
    effects: REDEMPTIONS,
    drawn: { weight: 10, make: redemption },
  },
  {
    name: 'reward',
    refusals: ['INSUFFICIENT_POINTS'],
    effects: REDEMPTIONS,
    drawn: { weight: 5, make: reward },
  },
  {
    name: 'redemption by key',
    refusals: ['INSUFFICIENT_POINTS'],
    effects: KEYED,
    drawn: { weight: 6, make: redemptionByKey },
  },
  {
    // What would be done twice if it were sent twice is not done at all.
    name: 'redemption without name',
    refusals: ['NAME_REQUIRED'],
    effects: KEYED,
    drawn: { weight: 1, make: redemptionWithoutName },
  },
  {
    name: 'authorise',
    refusals: ['INSUFFICIENT_POINTS'],
    effects: REDEMPTIONS,
    drawn: { weight: 25, make: authorise },
  },
  {
    name: 'transfer',
    refusals: ['INSUFFICIENT_POINTS', 'SAME_ACCOUNT'],
    effects: TRANSFERS,
    drawn: { weight: 12, make: transfer },
  },
  {
    name: 'return',
    refusals: [],
    effects: RETURNS,
  },
  {
    name: 'reversal',
    refusals: [],
    effects: redemptionEvents('redemption.reversed'),
  },
  {
    name: 'capture',
    refusals: ['REDEMPTION_NOT_AUTHORISED'],
    effects: redemptionEvents('redemption.captured'),
  },
  {
    name: 'void',
    refusals: ['REDEMPTION_NOT_AUTHORISED'],
    effects: redemptionEvents('redemption.voided'),
  },
  {
    name: 'order',
    refusals: [],
    effects: RECEIPTS,
    drawn: { weight: 10, make: order },
  },
  {
    name: 'event of an order',
    refusals: [],
    effects: KEYED,
  },
  {
    name: 'household',
    refusals: HOUSEHOLD_REFUSALS,
    effects: KEYED,
    drawn: { weight: 4, make: household },
  },
  {
    name: 'merge',
    refusals: ['SAME_MEMBER', 'IN_HOUSEHOLD', 'HOLDS_OPEN'],
    effects: KEYED,
    drawn: { weight: 1, make: merge },
  },
];

function purchase(draw: Draw, more: Partial<Command> = {}): Command {
  const { random } = draw;
  const holder = draw.member();
  const receiptNo = draw.key();
  const line = (lineNo: number) => {
    const taxMinor = random.whole(1, 100) * 500;
    return { lineNo, sku: `A-${lineNo}`, category: 'grocery', amountMinor: taxMinor * 21, taxMinor };
  };
  return command({
    operation: 'purchase',
    key: receiptNo,
    path: '/purchases',
    body: {
      source: 'torture',
      receiptNo,
      member: { externalId: holder },
      occurredAt: OCCURRED_AT,
      currency: 'TWD',
      lines: Array.from({ length: random.whole(1, 4) }, (_, index) => line(index + 1)),
    },
    ...(random.chance(0.5) ? { idempotencyKey: `purchase-${receiptNo}` } : {}),
    changes: (answer) => [{ holder, available: answer.pointsGranted - answer.pointsToDebt }],
    ...(random.chance(0.2) ? { sequels: (answer: Body) => [bringBack(answer.id, holder, draw.key())] } : {}),
    ...more,
  });
}

/** Everything comes back; what was spent meanwhile is forgiven, so that no member has a debt. */
function bringBack(purchaseId: string, holder: string, receiptNo: string): Command {
  return command({
    operation: 'return',
    key: receiptNo,
    path: `/purchases/${purchaseId}/returns`,
    body: { source: 'torture', receiptNo, occurredAt: RETURNED_AT, whole: true, spentPoints: 'forgive' },
    changes: (answer) => [{ holder, available: -answer.pointsTaken }],
  });
}

/** Points that wait until the goods are delivered; now and then the order is given up, or both are sent at once. */
function order(draw: Draw): Command {
  const { random } = draw;
  const [holder, receiptNo] = [draw.member(), draw.key()];
  const fates = [['delivered'], ['delivered'], ['cancelled'], ['delivered', 'cancelled']] as const;
  const events = random.pick(fates).map((type) => [type, draw.key()] as const);
  const amountMinor = random.whole(1, 100) * 500 * 21;
  const line = { lineNo: 1, sku: 'O-1', category: ORDERED, amountMinor, taxMinor: amountMinor / 21 };
  return command({
    operation: 'order',
    key: receiptNo,
    path: '/purchases',
    body: {
      source: 'torture',
      receiptNo,
      member: { externalId: holder },
      occurredAt: ORDERED_AT,
      currency: 'TWD',
      lines: [line],
    },
    sequels: (answer: Body) => events.map(([type, key]) => eventOf(answer.id, holder, type, key)),
  });
}

function eventOf(purchaseId: string, holder: string, type: string, idempotencyKey: string): Command {
  return command({
    operation: 'event of an order',
    key: idempotencyKey,
    path: `/purchases/${purchaseId}/events`,
    body: { type },
    idempotencyKey,
    changes: ({ activated }) => [{ holder, available: sumOf(activated) }],
  });
}

function sumOf(lots: readonly { readonly points: number }[]): number {
  return lots.reduce((sum, { points }) => sum + points, 0);
}

/** From one account to another: both or neither. */
function transfer(draw: Draw): Command {
  const [from, to] = [draw.member(), draw.member()];
  const externalId = draw.key();
  const points = draw.random.whole(1, MOST_REDEEMED);
  return command({
    operation: 'transfer',
    key: externalId,
    path: '/transfers',
    body: { from: { externalId: from }, to: { externalId: to }, points, externalId },
    changes: () => [
      { holder: from, available: -points },
      { holder: to, available: points },
    ],
  });
}

function purchaseBatch(draw: Draw): Command {
  const operation = 'purchase batch';
  const lines = Array.from({ length: draw.random.whole(5, 40) }, () => purchase(draw, { operation }));
  const stream = command({ operation, key: draw.key(), path: '/purchases:batch', body: {}, lines });
  const body = lines.map(({ request }) => `${request.body}\n`).join('');
  return {
    ...stream,
    request: { ...stream.request, body, headers: { 'content-type': 'application/x-ndjson' } },
  };
}

function redemption(draw: Draw): Command {
  const holder = draw.member();
  const externalId = draw.key();
  const points = draw.random.whole(1, MOST_REDEEMED);
  return command({
    operation: 'redemption',
    key: externalId,
    path: '/redemptions',
    body: { member: { externalId: holder }, points, mode: 'capture', externalId },
    changes: () => [{ holder, available: -points }],
    ...(draw.random.chance(0.3)
      ? { sequels: (answer: Body) => [reversal(answer.id, { holder, points }, draw.key())] }
      : {}),
  });
}

function reversal(redemptionId: string, { holder, points }: Hold, key: string): Command {
  return command({
    operation: 'reversal',
    key: redemptionId,
    path: `/redemptions/${redemptionId}/reverse`,
    body: {},
    idempotencyKey: key,
    changes: () => [{ holder, available: points }],
  });
}

function reward(draw: Draw): Command {
  const holder = draw.member();
  const externalId = draw.key();
  return command({
    operation: 'reward',
    key: externalId,
    path: '/redemptions',
    body: { member: { externalId: holder }, rewardId: draw.world.reward, mode: 'capture', externalId },
    changes: (answer) => [
      { holder, available: -answer.points },
      { holder: STOCK, available: -1 },
    ],
  });
}

/** The idempotency key is the only name it has. */
function redemptionByKey(draw: Draw): Command {
  const holder = draw.member();
  const key = draw.key();
  const points = draw.random.whole(1, MOST_REDEEMED);
  return command({
    operation: 'redemption by key',
    key,
    path: '/redemptions',
    body: { member: { externalId: holder }, points, mode: 'capture' },
    idempotencyKey: key,
    changes: () => [{ holder, available: -points }],
  });
}

/** Answered with anything but a refusal, it is missed among the effects; done, it is missed among the points. */
function redemptionWithoutName(draw: Draw): Command {
  return command({
    operation: 'redemption without name',
    key: draw.key(),
    path: '/redemptions',
    body: { member: { externalId: draw.member() }, points: 1, mode: 'capture' },
  });
}

interface Hold {
  readonly holder: string;
  readonly points: number;
}

/** Holds are captured whole or in part, voided, fought over, or left to lapse. */
function authorise(draw: Draw): Command {
  const { random } = draw;
  const hold: Hold = { holder: draw.member(), points: random.whole(2, MOST_REDEEMED) };
  const fate = random.pick(['capture', 'capture', 'part', 'void', 'both', 'lapse'] as const);
  const externalId = draw.key();
  const part = random.whole(1, hold.points);
  const keys = [draw.key(), draw.key()] as const;
  const captureOf = (points: number) => (answer: Body) => [capture(answer.id, hold, points, keys[0])];
  const voidOf = (answer: Body) => [voidHold(answer.id, hold, keys[1])];
  const sequels = {
    capture: captureOf(hold.points),
    part: captureOf(part),
    void: voidOf,
    both: (answer: Body) => [...captureOf(part)(answer), ...voidOf(answer)],
    lapse: () => [],
  }[fate];
  const lapses = fate === 'lapse';
  return command({
    operation: 'authorise',
    key: externalId,
    path: '/redemptions',
    body: {
      member: { externalId: hold.holder },
      points: hold.points,
      mode: 'authorise',
      holdSeconds: lapses ? SHORT_HOLD_SECONDS : LONG_HOLD_SECONDS,
      externalId,
    },
    // By the time of the checks a hold that lapses has lapsed.
    changes: () => (lapses ? [] : [{ holder: hold.holder, available: -hold.points, held: hold.points }]),
    sequels,
  });
}

function capture(redemptionId: string, { holder, points }: Hold, captured: number, key: string): Command {
  return command({
    operation: 'capture',
    key: redemptionId,
    path: `/redemptions/${redemptionId}/capture`,
    body: { points: captured },
    idempotencyKey: key,
    changes: () => [{ holder, held: -points, available: points - captured }],
  });
}

function voidHold(redemptionId: string, { holder, points }: Hold, key: string): Command {
  return command({
    operation: 'void',
    key: redemptionId,
    path: `/redemptions/${redemptionId}/void`,
    body: {},
    idempotencyKey: key,
    changes: () => [{ holder, held: -points, available: points }],
  });
}
