import fc from 'fast-check';
import type { Family } from './family.js';
import { memberCommands } from './member-commands.js';
import { available, command, member, one, twice, which, who, type Model } from './story-command.js';
import { sum, type Line, type Lot, type Member, type Purchase, type Redemption } from './vocabulary.js';

const iso = (at: number) => new Date(at).toISOString();
const holds = (model: Model) => model.redemptions.filter(({ status }) => status === 'authorised');
/** Those used on a receipt come back with it. */
const captured = (model: Model) =>
  model.redemptions.filter((item) => item.status === 'captured' && !item.used);
const returnable = (model: Model) =>
  model.purchases.filter(({ lines, back }) =>
    lines.some(({ amountMinor }, at) => amountMinor > (back[at] ?? 0)),
  );

const lines = fc
  .array(
    fc.record({
      category: fc.constantFrom('a', 'p', 'o', 'x'),
      amountMinor: fc.integer({ min: 1, max: 40_000 }),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((list) => list.map((line, index): Line => ({ ...line, lineNo: index + 1 })));

function receiptOf(
  family: Family,
  of: Member | null,
  list: readonly Line[],
  at: number,
  used: readonly Redemption[],
) {
  return {
    ...family.nextReceipt(),
    ...(of ? { member: family.ref(of) } : {}),
    occurredAt: iso(at),
    currency: 'TWD',
    lines: list.map((line) => ({ ...line, sku: line.category, taxMinor: 0 })),
    redemptionIds: used.map(({ id }) => id),
  };
}

/** The engine names the lots; what is in them the model knew before. */
function adopt(purchase: Purchase, answer: { id: string; pointsGranted: number; grants: Grants }): void {
  purchase.id = answer.id;
  expect(answer.grants.map(({ rule, points }) => [rule.id, points])).toEqual(
    purchase.lots.map(({ grant, size }) => [grant?.rule, size]),
  );
  for (const [index, { lotId }] of answer.grants.entries()) (purchase.lots[index] as Lot).id = lotId;
}
type Grants = readonly {
  readonly lotId: string;
  readonly rule: { readonly id: string };
  readonly points: number;
}[];

const DAY = 86_400_000;
/** Days by which a receipt is late whose till is four minutes fast. */
const AHEAD = -240_000 / DAY;

const buy = command(
  'buy',
  fc.record({
    who,
    lines,
    late: fc.constantFrom(0, 0, 0, 1, 12, 12, 45, AHEAD),
    use: fc.option(which),
    twice,
  }),
  async (model, family, pick) => {
    const buyer = member(model, pick.who);
    const mine = model.redemptions.filter(
      ({ status, used, account }) =>
        account === buyer.account && !used && (status === 'authorised' || status === 'captured'),
    );
    const found = pick.use === null ? undefined : one(mine, pick.use);
    const used = found ? [found] : [];
    const at = model.now - pick.late * DAY;
    const body = receiptOf(family, buyer, pick.lines, at, used);
    const answer = await family.does('/v1/purchases', body, pick.twice);
    adopt(model.buy(buyer, pick.lines, at, used), answer as never);
    await family.wakeOne(buyer);
    model.goTo(model.now);
    if (pick.twice) {
      const changed = { ...body, occurredAt: iso(at - 1) };
      await family.isRefused('RECEIPT_CONFLICT', '/v1/purchases', changed);
    }
  },
);

const redeem = command(
  'redeem',
  fc.record({
    who,
    points: fc.integer({ min: 1, max: 120 }),
    hold: fc.option(fc.constantFrom(60, 90_000, 600_000)),
    twice,
  }),
  async (model, family, pick) => {
    const by = member(model, pick.who);
    const mode = pick.hold === null ? 'capture' : 'authorise';
    const body = {
      member: family.ref(by),
      points: pick.points,
      mode,
      ...(pick.hold ? { holdSeconds: pick.hold } : {}),
    };
    if (by.closedAt !== null) return family.isRefused('MEMBER_CLOSED', '/v1/redemptions', body);
    if (available(model, by) < pick.points)
      return family.isRefused('INSUFFICIENT_POINTS', '/v1/redemptions', body);
    const answer = await family.does('/v1/redemptions', body, pick.twice);
    const redemption = model.redeem(by, pick.points, pick.hold);
    redemption.id = answer.id as string;
    expect(answer.lots).toEqual(redemption.parts.map(({ lot, points }) => ({ lotId: lot.id, points })));
  },
);

const REWARD_POINTS = 30;

const reward = command('reward', fc.record({ who, twice }), async (model, family, pick) => {
  const by = member(model, pick.who);
  const body = { member: family.ref(by), rewardId: family.rewardId, mode: 'capture' };
  if (by.closedAt !== null) return family.isRefused('MEMBER_CLOSED', '/v1/redemptions', body);
  if (model.stock === 0) return family.isRefused('OUT_OF_STOCK', '/v1/redemptions', body);
  if (available(model, by) < REWARD_POINTS)
    return family.isRefused('INSUFFICIENT_POINTS', '/v1/redemptions', body);
  const answer = await family.does('/v1/redemptions', body, pick.twice);
  model.redeem(by, REWARD_POINTS, null, true).id = answer.id as string;
});

const settleHold = command(
  'capture or void',
  fc.record({ which, share: fc.constantFrom(0, 1, 2, 3), twice }),
  async (model, family, pick) => {
    const hold = one(holds(model), pick.which) as Redemption;
    const all = model.pointsOf(hold);
    const keep = Math.ceil((all * pick.share) / 3);
    if (keep === 0) await family.does(`/v1/redemptions/${hold.id}/void`, {}, pick.twice);
    else await family.does(`/v1/redemptions/${hold.id}/capture`, { points: keep }, pick.twice);
    model.settleHold(hold, keep);
    const other = keep === 0 ? 'capture' : 'void';
    const again = await family.api.post(`/v1/redemptions/${hold.id}/${other}`, {});
    expect(again.body.code).toBe('REDEMPTION_NOT_AUTHORISED');
  },
  (model) => holds(model).length > 0,
);

const extendHold = command(
  'extend hold',
  fc.record({ which, seconds: fc.constantFrom(60, 100_000) }),
  async (model, family, pick) => {
    const hold = one(holds(model), pick.which) as Redemption;
    await family.does(`/v1/redemptions/${hold.id}/extend`, { holdSeconds: pick.seconds });
    model.extendHold(hold, pick.seconds);
  },
  (model) => holds(model).length > 0,
);

const reverse = command(
  'reverse',
  fc.record({ which, points: fc.integer({ min: 1, max: 60 }), twice }),
  async (model, family, pick) => {
    const redemption = one(captured(model), pick.which) as Redemption;
    const left = model.usedPoints(redemption);
    const points = redemption.reward ? left : Math.min(left, pick.points);
    await family.does(`/v1/redemptions/${redemption.id}/reverse`, { points }, pick.twice);
    model.reverse(redemption, points);
    await family.adoptChildren(model);
  },
  (model) => captured(model).length > 0,
);

const bringBack = command(
  'return',
  fc.record({
    which,
    parts: fc.option(fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 3, maxLength: 3 })),
    rewards: fc.boolean(),
    twice,
  }),
  async (model, family, pick) => {
    const purchase = one(returnable(model), pick.which) as Purchase;
    const amounts = purchase.lines.map(({ amountMinor }, index) => {
      const left = amountMinor - (purchase.back[index] ?? 0);
      return pick.parts === null ? left : Math.floor((left * (pick.parts[index] ?? 0)) / 3);
    });
    const path = `/v1/purchases/${purchase.id}/returns`;
    const some = amounts.flatMap((amountMinor, index) =>
      amountMinor > 0 ? [{ lineNo: index + 1, amountMinor }] : [],
    );
    const named = purchase.used.filter(
      ({ reward, status }) => pick.rewards && reward && status === 'captured',
    );
    if (some.length === 0 && named.length === 0) return;
    const goods = pick.parts === null ? { whole: true } : { lines: some };
    const redemptionIds = named.length > 0 ? { redemptionIds: named.map(({ id }) => id) } : {};
    const what = { ...(some.length > 0 ? goods : {}), ...redemptionIds };
    const body = { ...family.nextReceipt(), occurredAt: iso(Math.max(model.now, purchase.at)), ...what };
    const answer = await family.does(path, body, pick.twice);
    model.bringBack(purchase, amounts, named);
    expect(sum((answer.takenFrom as { points: number }[]).map(({ points }) => points))).toBe(
      answer.pointsTaken,
    );
    if (returnable(model).includes(purchase)) return;
    const over = { ...family.nextReceipt(), occurredAt: body.occurredAt, whole: true };
    await family.isRefused('NOTHING_LEFT_TO_RETURN', path, over);
  },
  (model) => returnable(model).length > 0,
);

const deliver = command(
  'deliver or cancel',
  fc.record({ which, cancel: fc.boolean(), twice }),
  async (model, family, pick) => {
    const waiting = model.purchases.filter((each) => model.waitingOf(each).length > 0);
    const purchase = one(waiting.length > 0 ? waiting : model.purchases, pick.which) as Purchase;
    const type = pick.cancel ? 'cancelled' : 'delivered';
    await family.does(
      `/v1/purchases/${purchase.id}/events`,
      { type, occurredAt: iso(model.now) },
      pick.twice,
    );
    if (pick.cancel) model.cancelOrder(purchase);
    else model.deliver(purchase);
  },
  (model) => model.purchases.length > 0,
);

const adjust = command(
  'adjust',
  fc.record({
    who,
    points: fc.integer({ min: -80, max: 80 }).filter((points) => points !== 0),
    sorry: fc.boolean(),
    twice,
  }),
  async (model, family, pick) => {
    const of = member(model, pick.who);
    const reason = pick.points < 0 ? 'breach' : pick.sorry ? 'apology' : 'gift';
    const body = { member: family.ref(of), points: pick.points, reason };
    if (pick.points > 0 && of.closedAt !== null)
      return family.isRefused('MEMBER_CLOSED', '/v1/adjustments', body);
    if (available(model, of) < -pick.points)
      return family.isRefused('INSUFFICIENT_POINTS', '/v1/adjustments', body);
    const answer = await family.does('/v1/adjustments', body, pick.twice);
    const lots = model.adjust(of, pick.points, pick.sorry);
    for (const [index, lot] of lots.entries()) lot.id = answer.lots[index].lotId as string;
  },
);

const extendLot = command(
  'extend lot',
  fc.record({ who, which, days: fc.constantFrom(1, 40) }),
  async (model, family, pick) => {
    const of = member(model, pick.who);
    const lot = one(
      of.account.lots.filter(({ at }) => (at['available'] ?? 0) > 0),
      pick.which,
    );
    if (!lot) return;
    const end = lot.end + pick.days * DAY;
    const path = `/v1/members/${family.id(of)}/lots/${lot.id}/extend`;
    await family.does(path, { expiresAt: iso(end), reason: 'gift' });
    model.extendLot(of.account, lot, end);
  },
);

const transfer = command(
  'transfer',
  fc.record({ from: who, to: who, points: fc.integer({ min: 1, max: 90 }), twice }),
  async (model, family, pick) => {
    const [from, to] = [member(model, pick.from), member(model, pick.to)];
    const body = { from: family.ref(from), to: family.ref(to), points: pick.points };
    if (from.account === to.account) return family.isRefused('SAME_ACCOUNT', '/v1/transfers', body);
    if (from.closedAt !== null || to.closedAt !== null)
      return family.isRefused('MEMBER_CLOSED', '/v1/transfers', body);
    if (available(model, from) < pick.points)
      return family.isRefused('INSUFFICIENT_POINTS', '/v1/transfers', body);
    await family.does('/v1/transfers', body, pick.twice);
    model.transfer(from, to, pick.points);
    await family.adoptChildren(model);
  },
);

/** Everything that can happen to points, as fast-check commands. */
export const everyCommand = [
  ...[buy, buy, buy, redeem, redeem, reward, settleHold, extendHold, reverse],
  ...[bringBack, bringBack, deliver, adjust, extendLot, transfer, ...memberCommands],
];

export { REWARD_POINTS };
