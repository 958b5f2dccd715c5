import { groupBy } from '../kernel/group-by.js';
import { FIND_ACTIVATIONS, FIND_EXPIRIES } from './due/due-lots.query.js';
import { uuidToId, type LotId } from '../kernel/ids.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import { applyToLedger } from './domain/fold.js';
import {
  PRELOADED_LOTS,
  slidingLimit,
  waitingLimit,
  withPreloadedLots,
  type PreloadedLots,
} from './domain/preloaded-lots.js';
import {
  comingExpiries,
  firstExpiring,
  stateOfRow,
  withOpenLots,
  type LedgerState,
} from './domain/ledger-state.js';
import type { Lot } from './domain/lot.js';
import { planExpiry } from './domain/spend.js';
import { planComingOfAge } from './domain/waiting.js';
import { LOT_COUNTERS, LOT_TERMS, LOTS, MOVEMENTS, SLIDING_EXPIRIES } from './ledger.tables.js';
import { lotRow, readLot } from './lot.rows.js';
import { PRELOADED_AND_REFERENCED_LOTS, OPEN_LOTS, readDates, readExpiring } from './open-lots.query.js';

/** The ledger's part of an account in the pipeline: balances on the account row, open lots on demand. */
export const ledgerSlice: AccountSlice<LedgerState> = {
  scope: 'account',
  name: 'ledger',
  columns: [
    { name: 'available', type: 'bigint', value: (state) => state.available },
    { name: 'pending', type: 'bigint', value: (state) => state.pending },
    { name: 'held', type: 'bigint', value: (state) => state.held },
    { name: 'debt', type: 'bigint', value: (state) => state.debt },
    { name: 'debt_at', type: 'instant', value: (state) => state.debtAt },
    { name: 'debt_posted_on', type: 'date', value: (state) => state.debtPostedOn },
    { name: 'lifetime_earned', type: 'bigint', value: (state) => state.lifetimeEarned },
    { name: 'lifetime_redeemed', type: 'bigint', value: (state) => state.lifetimeRedeemed },
    { name: 'next_pending_at', type: 'instant', value: (state) => state.nextPendingAt },
    { name: 'sliding_expires_at', type: 'instant', value: (state) => state.slidingExpiresAt },
    {
      // What is looked for when something falls due: null once no sliding points are left to expire.
      name: 'sliding_due_at',
      type: 'instant',
      value: (state) => (state.slidingAvailable > 0 ? state.slidingExpiresAt : null),
    },
    { name: 'sliding_available', type: 'bigint', value: (state) => state.slidingAvailable },
    { name: 'expiring', type: 'json', value: expiringColumn },
    { name: 'movement_seq', type: 'bigint', value: (state) => state.movementSequence },
    { name: 'head_hash', type: 'bytea', value: (state) => state.headHash },
  ],
  read: readLedger,
  lazyRows: {
    sql: OPEN_LOTS,
    referencedKinds: ['lot'],
    merge: (state, rows) => withOpenLots(state, rows.map(readLot)),
    preload: {
      sql: PRELOADED_AND_REFERENCED_LOTS,
      limits: PRELOADED_LOTS,
      parametersOf: (state, scope) => [
        scope.limit,
        new Date(scope.until),
        slidingLimit(state, scope),
        waitingLimit(state, scope),
        scope.dates,
      ],
      merge: (state, rows, scope) => {
        const parts = groupBy(rows, (row) => row['part'] as string);
        const lots = (part: string) => (parts.get(part) ?? []).map(readLot);
        const dates = scope.dates ? readDates(parts.get('dates')?.[0]?.['dates']) : null;
        const loaded: PreloadedLots = {
          fixed: lots('fixed'),
          sliding: lots('sliding'),
          waiting: lots('waiting'),
          named: lots('named'),
          dates,
        };
        return withPreloadedLots(state, loaded, scope);
      },
    },
  },
  due: [
    {
      phase: 'activate',
      find: [FIND_ACTIVATIONS],
      nextDue: (state) => state.nextPendingAt,
      eventsDue: (state, at) =>
        planComingOfAge(state, at).flatMap(({ at: occurredAt, activated, cancelled }) => {
          const cause = (lots: readonly { readonly lotId: LotId }[]) =>
            ({ type: 'activation', id: lots[0]?.lotId as LotId }) as const;
          return [
            ...(activated.length === 0
              ? []
              : [
                  {
                    type: 'points.activated' as const,
                    data: { cause: cause(activated), lots: activated },
                    occurredAt,
                  },
                ]),
            ...(cancelled.length === 0
              ? []
              : [
                  {
                    type: 'points.cancelled' as const,
                    data: { cause: cause(cancelled), lots: cancelled },
                    occurredAt,
                  },
                ]),
          ];
        }),
    },
    {
      phase: 'expire',
      find: FIND_EXPIRIES,
      nextDue: (state) => comingExpiries(state)[0]?.expiresAt ?? null,
      eventsDue: (state, now) =>
        planExpiry(reaching(state, now), now).map(({ at, lots }) => ({
          type: 'points.expired',
          data: { lots },
          occurredAt: at,
        })),
    },
  ],
  apply: (state, event, { timeZone }) => applyToLedger(state, event, timeZone),
  afterWrite: stateOfRow,
  rows: (state, sink) => {
    const { accountId } = state;
    for (const movement of state.movements) sink.add(MOVEMENTS, accountId, movementRow(movement));
    for (const lotId of state.touched) {
      const table = state.opened.has(lotId) ? LOTS : state.renewed.has(lotId) ? LOT_TERMS : LOT_COUNTERS;
      sink.add(table, accountId, lotRow(state.lots.get(lotId) as Lot));
    }
    for (const { expiresAt, cause, occurredAt, recordedAt } of state.slides) {
      sink.add(SLIDING_EXPIRIES, accountId, {
        expires_at: expiresAt,
        cause_type: cause.type,
        cause_id: cause.id,
        occurred_at: occurredAt,
        recorded_at: recordedAt,
      });
    }
  },
};

/** @throws NeedsMoreRows when lots that ended by then may be unknown. */
function reaching(state: LedgerState, now: Instant): LedgerState {
  if (state.reachesTo < now) throw new NeedsMoreRows(state.accountId, 'what has ended');
  return state;
}

function readLedger(row: Row): LedgerState {
  const { fixedExpiring, slidingExpiresAt, slidingAvailable } = readExpiring(row);
  return stateOfRow({
    accountId: uuidToId('acc', row['account_id'] as string),
    available: Number(row['available']),
    pending: Number(row['pending']),
    held: Number(row['held']),
    debt: Number(row['debt']),
    debtAt: (row['debt_at'] as Date | null)?.getTime() ?? null,
    debtPostedOn: (row['debt_posted_on'] ?? null) as string | null,
    lifetimeEarned: Number(row['lifetime_earned']),
    lifetimeRedeemed: Number(row['lifetime_redeemed']),
    movementSequence: Number(row['movement_seq']),
    headHash: (row['head_hash'] as Buffer).toString('hex'),
    fixedExpiring,
    slidingExpiresAt,
    slidingAvailable,
    nextPendingAt: (row['next_pending_at'] as Date | null)?.getTime() ?? null,
  });
}

/** The next fixed expiries as pairs of an instant in milliseconds and points; null where there are none. */
function expiringColumn({ fixedExpiring }: LedgerState): readonly (readonly [number, number])[] | null {
  if (fixedExpiring.length === 0) return null;
  return firstExpiring(fixedExpiring).fixedExpiring.map(({ expiresAt, points }) => [expiresAt, points]);
}

function movementRow(movement: LedgerState['movements'][number]): Record<string, unknown> {
  return {
    sequence: movement.sequence,
    lot_id: movement.lotId,
    member_id: movement.memberId,
    from_bucket: movement.from,
    to_bucket: movement.to,
    points: movement.points,
    liability: movement.liability,
    event_code: movement.eventCode,
    cause_type: movement.causeType,
    cause_id: movement.causeId,
    occurred_at: movement.occurredAt,
    recorded_at: movement.recordedAt,
    posting_date: movement.postingDate,
    sets_expiry_at: movement.setsExpiryAt,
    effective_at: movement.effectiveAt,
    hash: movement.hash,
    hash_version: movement.hashVersion,
    terms: movement.terms,
  };
}
