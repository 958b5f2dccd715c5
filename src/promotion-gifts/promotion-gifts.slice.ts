import { storedExplanation, type RuleTrace } from '../earning/index.js';
import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type LotId } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type MemberSlice, type Table } from '../platform/pipeline/index.js';
import type { GiftTakenBack } from './domain-events.js';
import type { Gift } from './domain/gift.js';
import { GIFTS_OF_MEMBER } from './gifts-of-member.query.js';
import { hasPromotionRules } from './promotion-rules.js';

/** The gifts that were given, and those that came to nothing. */
export const PROMOTION_GIFTS: Table = {
  name: 'promotion_gifts',
  mode: 'insert',
  sealed: true,
  key: ['gift_id', 'account_id'],
  columns: [
    { name: 'gift_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'rule_id', type: 'text' },
    { name: 'rule_version', type: 'int' },
    { name: 'tier', type: 'text' },
    { name: 'since', type: 'instant' },
    { name: 'cause_type', type: 'text' },
    { name: 'cause_id', type: 'id' },
    { name: 'purchase_id', type: 'id' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'business_date', type: 'date' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'points', type: 'bigint' },
    { name: 'explanation', type: 'json' },
    { name: 'lot_ids', type: 'json' },
    SEAL,
  ],
};

/** What became of gifts whose promotion was taken back. */
export const PROMOTION_GIFT_REVERSALS: Table = {
  name: 'promotion_gift_reversals',
  mode: 'insert',
  sealed: true,
  key: ['gift_id', 'account_id'],
  columns: [
    { name: 'gift_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'cause_type', type: 'text' },
    { name: 'cause_id', type: 'id' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'points_taken', type: 'bigint' },
    { name: 'gone', type: 'bigint' },
    { name: 'debt', type: 'bigint' },
    { name: 'forgiven', type: 'bigint' },
    SEAL,
  ],
};

interface NewGift {
  readonly event: DomainEventOf<'promotion.giftCame'>;
  readonly points: number;
  readonly explanation: readonly RuleTrace[];
  readonly lotIds: readonly LotId[];
}

interface NewReversal {
  readonly data: GiftTakenBack;
  readonly recordedAt: number;
}

export interface PromotionGiftsState {
  /** Null in programmes without a rule about promotions. */
  readonly known: readonly Gift[] | null;
  readonly newGifts: readonly NewGift[];
  readonly newReversals: readonly NewReversal[];
}

/** Gifts for promotions of a member; loaded only where a rule about promotions was ever published. */
export const promotionGiftsSlice: MemberSlice<PromotionGiftsState> = {
  scope: 'member',
  name: 'promotionGifts',
  parameters: [
    {
      name: 'promotion_gifts',
      type: 'boolean',
      value: (config) => (hasPromotionRules(config) ? true : null),
    },
  ],
  select: GIFTS_OF_MEMBER,
  read: readGifts,
  merge: (state, row) => (state.known ? state : readGifts(row)),
  apply: applyToGifts,
  afterWrite: (state) => ({ known: state.known && giftsOf(state), newGifts: [], newReversals: [] }),
  rows: ({ newGifts, newReversals }, sink, { accountId, memberId }) => {
    for (const { event, points, explanation, lotIds } of newGifts) {
      const { data, recordedAt } = event;
      sink.add(PROMOTION_GIFTS, accountId, {
        gift_id: data.giftId,
        member_id: memberId,
        rule_id: data.rule.id,
        rule_version: data.rule.version,
        tier: data.tier,
        since: data.since,
        cause_type: data.cause.type,
        cause_id: data.cause.id,
        purchase_id: data.purchaseId,
        occurred_at: data.occurredAt,
        business_date: data.businessDate,
        recorded_at: recordedAt,
        points,
        explanation: storedExplanation(explanation),
        lot_ids: lotIds.map((lotId) => idToUuid(lotId)),
      });
    }
    for (const { data, recordedAt } of newReversals)
      sink.add(PROMOTION_GIFT_REVERSALS, accountId, {
        gift_id: data.gift.giftId,
        member_id: memberId,
        cause_type: data.by.type,
        cause_id: data.by.id,
        recorded_at: recordedAt,
        points_taken: data.pointsTaken,
        gone: data.gone,
        debt: data.debt,
        forgiven: data.forgiven,
      });
  },
};

/** The gifts of a member that brought points, those of this batch included, as they are now. */
export function giftsOf({ known, newGifts, newReversals }: PromotionGiftsState): readonly Gift[] {
  const made = newGifts
    .filter(({ points }) => points > 0)
    .map(({ event: { data }, points, lotIds }): Gift => {
      const { giftId, rule, tier, since, occurredAt, businessDate, purchaseId } = data;
      const facts = { giftId, rule, tier, since, occurredAt, businessDate, purchaseId };
      return { ...facts, points, lotIds, takenBack: false, forgiven: 0 };
    });
  const all = [...(known ?? []), ...made];
  if (newReversals.length === 0) return all;
  const back = new Map(newReversals.map(({ data }) => [data.gift.giftId, data]));
  return all.map((gift) => {
    const reversal = back.get(gift.giftId);
    return reversal ? { ...gift, takenBack: true, forgiven: reversal.forgiven } : gift;
  });
}

type GiftRow = readonly [
  giftUuid: string,
  ruleId: string,
  ruleVersion: number,
  tier: string,
  since: number,
  occurredAt: number,
  businessDate: LocalDate,
  purchaseUuid: string | null,
  points: number,
  lotUuids: readonly string[],
  forgiven: number | null,
];

function readGifts(row: Row): PromotionGiftsState {
  const rows = (row['promotion_gifts'] ?? null) as readonly GiftRow[] | null;
  return { known: rows && rows.map(readGift), newGifts: [], newReversals: [] };
}

function readGift(row: GiftRow): Gift {
  const [gift, ruleId, version, tier, since, occurredAt, businessDate, purchase, points, lots, forgiven] =
    row;
  return {
    giftId: uuidToId('gft', gift),
    rule: { id: ruleId, version },
    ...{ tier, since, occurredAt, businessDate },
    purchaseId: purchase === null ? null : uuidToId('pur', purchase),
    points,
    lotIds: lots.map((lot) => uuidToId('lot', lot)),
    takenBack: forgiven !== null,
    forgiven: forgiven ?? 0,
  };
}

function applyToGifts(state: PromotionGiftsState, event: DomainEvent): PromotionGiftsState {
  switch (event.type) {
    case 'promotion.giftCame': {
      const made = { event, points: 0, explanation: [], lotIds: [] };
      return { ...state, newGifts: [...state.newGifts, made] };
    }
    case 'points.awarded': {
      const { source, awards, explanation } = event.data;
      if (source.kind !== 'promotion') return state;
      const points = awards.reduce((sum, award) => sum + award.points, 0);
      return withNew(state, source.id, (gift) => ({ ...gift, points, explanation }));
    }
    case 'lots.granted':
      return event.data.lots.reduce(
        (after, { source, lotId }) =>
          source?.type === 'promotion'
            ? withNew(after, source.id, (gift) => ({ ...gift, lotIds: [...gift.lotIds, lotId] }))
            : after,
        state,
      );
    case 'promotion.giftTakenBack': {
      const { data, recordedAt } = event;
      return { ...state, newReversals: [...state.newReversals, { data, recordedAt }] };
    }
    case 'promotion.giftsCarried':
      return { ...state, known: [...(state.known ?? []), ...event.data.gifts] };
    default:
      return state;
  }
}

function withNew(
  state: PromotionGiftsState,
  giftId: string,
  change: (gift: NewGift) => NewGift,
): PromotionGiftsState {
  const newGifts = state.newGifts.map((gift) => (gift.event.data.giftId === giftId ? change(gift) : gift));
  return { ...state, newGifts };
}
