import { idToUuid, uuidToId, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { causeId, type Lot, LOT_BUCKETS, lotTermsHash, readCounters, readLot } from '../../ledger/index.js';
import type { StoredAccount, StoredMovement } from './account-check.js';
import type { LotMovements, LotToCheck, StoredLot } from './lot-check.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

export const COUNT_ACCOUNTS = `SELECT count(*) AS accounts FROM accounts a WHERE $1::uuid IS NULL OR a.programme_id = $1`;

const ACCOUNTS = `SELECT a.account_id, a.available, a.held, a.pending, a.debt, a.lifetime_earned, a.lifetime_redeemed,
    a.sliding_expires_at::text AS sliding_expires_at,
    (SELECT max(s.expires_at)::text FROM sliding_expiries s WHERE s.account_id = a.account_id) AS last_slide,
    a.movement_seq, a.head_hash, a.event_seq, coalesce(e.events, 0) AS events, coalesce(e.last_event, 0) AS last_event,
    coalesce(r.authorised, 0) AS authorised
  FROM (SELECT p.* FROM accounts p
    WHERE ($1::uuid IS NULL OR p.programme_id = $1) AND ($2::uuid IS NULL OR p.account_id > $2)
    ORDER BY p.account_id LIMIT $3) a
  LEFT JOIN LATERAL (SELECT count(*) AS events, max(x.sequence) AS last_event FROM events x
    WHERE x.account_id = a.account_id) e ON true
  LEFT JOIN LATERAL (SELECT sum(x.points) AS authorised FROM redemptions x
    WHERE x.account_id = a.account_id AND x.status = 'authorised') r ON true
  ORDER BY a.account_id`;

/** PostgreSQL keeps microseconds, of which the driver's dates, and so the hash, see nothing. */
const MOVEMENTS = `SELECT m.*,
    date_trunc('milliseconds', m.occurred_at) = m.occurred_at
      AND date_trunc('milliseconds', m.recorded_at) = m.recorded_at
      AND date_trunc('milliseconds', m.sets_expiry_at) IS NOT DISTINCT FROM m.sets_expiry_at
      AND date_trunc('milliseconds', m.effective_at) IS NOT DISTINCT FROM m.effective_at AS whole_milliseconds,
    CASE WHEN m.from_bucket = 'issued' THEN (SELECT l.parent_lot_id IS NOT NULL FROM lots l
      WHERE l.account_id = m.account_id AND l.lot_id = m.lot_id) END AS continues
  FROM movements m WHERE m.account_id = ANY($1::uuid[])
  ORDER BY m.account_id, m.sequence`;

const inBucket = (bucket: string): string =>
  `coalesce(sum(m.points * ((m.to_bucket = '${bucket}')::int - (m.from_bucket = '${bucket}')::int)), 0) AS ${bucket}`;

const ofIssue = (column: string): string =>
  `(array_agg(m.${column}) FILTER (WHERE m.from_bucket = 'issued'))[1]`;

const LOTS = `SELECT coalesce(l.account_id, c.account_id) AS account_id, coalesce(l.lot_id, c.lot_id) AS lot_id,
    l.lot_id IS NOT NULL AS is_stored, c.lot_id IS NOT NULL AS has_movements,
    l.origin, l.points, l.allocated, l.member_id, l.purchase_id, l.parent_lot_id, l.root_lot_id, l.rule_id,
    l.rule_version, l.lines, l.valuation, l.available_at, l.planned_at, l.first_expires_at, l.slides, l.awaits, l.first_awaits,
    l.earned_at, l.expires_at, l.earned_at::text AS earned_at_text, l.expires_at::text AS expires_at_text,
    l.first_expires_at IS NOT NULL AS renewed,
    date_trunc('milliseconds', l.available_at) = l.available_at
      AND date_trunc('milliseconds', l.planned_at) IS NOT DISTINCT FROM l.planned_at AND date_trunc('milliseconds', l.earned_at) = l.earned_at
      AND date_trunc('milliseconds', l.expires_at) IS NOT DISTINCT FROM l.expires_at
      AND date_trunc('milliseconds', l.first_expires_at) IS NOT DISTINCT FROM l.first_expires_at AS whole_milliseconds,
    encode(c.terms, 'hex') AS terms, encode(c.issued_terms, 'hex') AS issued_terms,
    l.posted_on, c.m_posted_on,
    c.issues, c.issued_points, c.issued_liability, c.issued_event_code, c.issued_to, c.issued_cause_type,
    -- A gift for a promotion that a receipt brought is a lot of the receipt.
    CASE c.issued_cause_type WHEN 'promotion' THEN (SELECT g.purchase_id FROM promotion_gifts g
      WHERE g.gift_id = c.issued_cause AND g.account_id = l.account_id) ELSE c.issued_cause END AS issued_cause,
    c.issued_at, c.delivered_event_code, c.sets_expiry_at::text AS sets_expiry_at,
    ${LOT_BUCKETS.map((bucket) => `l.${bucket}, c.${bucket} AS m_${bucket}`).join(', ')},
    c.liability AS m_liability, c.with_money
  FROM (SELECT x.* FROM lots x WHERE x.account_id = ANY($1::uuid[])) l
  FULL JOIN (
    SELECT m.account_id, m.lot_id,
      count(*) FILTER (WHERE m.from_bucket = 'issued') AS issues,
      coalesce(sum(m.points) FILTER (WHERE m.from_bucket = 'issued'), 0) AS issued_points,
      coalesce(sum(m.liability) FILTER (WHERE m.from_bucket = 'issued'), 0) AS issued_liability,
      ${ofIssue('event_code')} AS issued_event_code, ${ofIssue('member_id')} AS issued_to,
      ${ofIssue('cause_id')} AS issued_cause, ${ofIssue('occurred_at')}::text AS issued_at,
      ${ofIssue('cause_type')} AS issued_cause_type,
      (array_agg(m.terms ORDER BY m.sequence DESC) FILTER (WHERE m.terms IS NOT NULL OR m.hash_version = 1))[1]
        AS terms,
      ${ofIssue('terms')} AS issued_terms,
      (array_agg(m.event_code) FILTER (WHERE m.from_bucket = 'undelivered' AND m.event_code <> 'E19'))[1]
        AS delivered_event_code,
      (array_agg(m.sets_expiry_at ORDER BY m.sequence DESC) FILTER (WHERE m.sets_expiry_at IS NOT NULL))[1]
        AS sets_expiry_at,
      max(m.posting_date) FILTER (WHERE m.from_bucket = 'issued'
        OR (m.from_bucket = 'undelivered' AND m.to_bucket IN ('pending', 'available'))) AS m_posted_on,
      ${LOT_BUCKETS.map(inBucket).join(', ')},
      sum(m.liability) AS liability, count(*) FILTER (WHERE m.liability <> 0) AS with_money
    FROM movements m WHERE m.account_id = ANY($1::uuid[]) AND m.lot_id IS NOT NULL
    GROUP BY m.account_id, m.lot_id) c
    ON c.account_id = l.account_id AND c.lot_id = l.lot_id
  ORDER BY 1, 2`;

/** The next accounts after `cursor` in the order of their ids, of one programme or of all. */
export async function accountsPage(
  snapshot: Snapshot,
  programmeId: ProgrammeId | null,
  cursor: AccountId | null,
  limit: number,
): Promise<readonly StoredAccount[]> {
  const ids = [programmeId, cursor].map((id) => (id === null ? null : idToUuid(id)));
  const rows = await snapshot.query(ACCOUNTS, [...ids, limit]);
  return rows.map((row) => ({
    accountId: uuidToId('acc', row['account_id'] as string),
    available: Number(row['available']),
    held: Number(row['held']),
    pending: Number(row['pending']),
    debt: Number(row['debt']),
    slidingExpiresAt: row['sliding_expires_at'] as string | null,
    lastSlide: row['last_slide'] as string | null,
    lifetimeEarned: Number(row['lifetime_earned']),
    lifetimeRedeemed: Number(row['lifetime_redeemed']),
    movementSequence: Number(row['movement_seq']),
    headHash: (row['head_hash'] as Buffer).toString('hex'),
    eventSequence: Number(row['event_seq']),
    events: Number(row['events']),
    lastEvent: Number(row['last_event']),
    authorised: Number(row['authorised']),
  }));
}

/** The movements of some accounts in batches, by account and sequence. */
export async function* movementsOf(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly StoredMovement[]> {
  for await (const rows of snapshot.batches(MOVEMENTS, [accounts.map(idToUuid)], BATCH))
    yield rows.map(readMovement);
}

/** The lots of some accounts in batches, each with what its movements add up to. */
export async function* lotsOf(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly LotToCheck[]> {
  for await (const rows of snapshot.batches(LOTS, [accounts.map(idToUuid)], BATCH))
    yield rows.map(readLotToCheck);
}

function readMovement(row: Row): StoredMovement {
  return {
    accountId: uuidToId('acc', row['account_id'] as string),
    sequence: Number(row['sequence']),
    lotId: row['lot_id'] === null ? null : uuidToId('lot', row['lot_id'] as string),
    memberId: uuidToId('mbr', row['member_id'] as string),
    from: row['from_bucket'] as string,
    to: row['to_bucket'] as string,
    points: Number(row['points']),
    liability: BigInt(row['liability'] as string),
    eventCode: row['event_code'] as string | null,
    causeType: row['cause_type'] as StoredMovement['causeType'],
    continues: row['continues'] === true,
    causeId: causeId(row),
    occurredAt: (row['occurred_at'] as Date).getTime(),
    recordedAt: (row['recorded_at'] as Date).getTime(),
    postingDate: row['posting_date'] as string,
    setsExpiryAt: (row['sets_expiry_at'] as Date | null)?.getTime() ?? null,
    effectiveAt: (row['effective_at'] as Date | null)?.getTime() ?? null,
    terms: hexOf(row['terms']),
    hashVersion: Number(row['hash_version']),
    hash: (row['hash'] as Buffer).toString('hex'),
    wholeMilliseconds: row['whole_milliseconds'] as boolean,
  };
}

function readLotToCheck(row: Row): LotToCheck {
  return {
    accountId: uuidToId('acc', row['account_id'] as string),
    lotId: uuidToId('lot', row['lot_id'] as string),
    lot: row['is_stored'] === true ? storedLot(row) : null,
    movements: row['has_movements'] === true ? lotMovements(row) : null,
  };
}

function storedLot(row: Row): StoredLot {
  return {
    points: Number(row['points']),
    allocated: BigInt(row['allocated'] as string),
    counters: readCounters(row),
    parentLotId: row['parent_lot_id'] as string | null,
    expiresAt: row['expires_at_text'] as string | null,
    renewed: row['renewed'] as boolean,
    postedOn: row['posted_on'] as string | null,
    memberId: row['member_id'] as string,
    purchaseId: row['purchase_id'] as string | null,
    earnedAt: row['earned_at_text'] as string,
    origin: row['origin'] as string,
    wholeMilliseconds: row['whole_milliseconds'] === true,
    terms: termsOf(row),
    issuedTerms: issuedTermsOf(row),
  };
}

function lotMovements(row: Row): LotMovements {
  return {
    issues: Number(row['issues']),
    issuedPoints: Number(row['issued_points']),
    issuedLiability: BigInt(row['issued_liability'] as string),
    issuedEventCode: row['issued_event_code'] as string | null,
    issuedTo: row['issued_to'] as string | null,
    issuedCause: row['issued_cause'] as string | null,
    issuedAt: row['issued_at'] as string | null,
    issuedCauseType: row['issued_cause_type'] as string | null,
    deliveredEventCode: row['delivered_event_code'] as string | null,
    counters: readCounters(row, 'm_'),
    setsExpiryAt: row['sets_expiry_at'] as string | null,
    postedOn: row['m_posted_on'] as string | null,
    terms: row['terms'] as string | null,
    issuedTerms: row['issued_terms'] as string | null,
    liability: BigInt(row['m_liability'] as string),
    withMoney: Number(row['with_money']),
  };
}

function hexOf(bytes: unknown): string | null {
  return (bytes as Buffer | null)?.toString('hex') ?? null;
}

/** The digest of a lot's terms as they are stored; a text that is none where they cannot be read. */
function termsOf(row: Row): string {
  try {
    return lotTermsHash(readLot(row));
  } catch {
    return 'unreadable';
  }
}

/**
 * The digests that the terms may have had when the lot was opened, where it waited for an event: what it waited for is
 * kept. Null for a lot that did not. An expiry that was set later does not tell whether there was one before.
 */
function issuedTermsOf(row: Row): readonly string[] | null {
  // A lot that waits had something to wait for at first.
  if (row['first_awaits'] === null) return row['awaits'] === null ? null : [];
  try {
    const { availableAt, ...awaits } = row['first_awaits'] as Record<string, unknown>;
    const lot = {
      ...readLot(row),
      firstExpiresAt: null,
      availableAt,
      plannedAt: null,
      awaits,
    } as unknown as Lot;
    const { expiresAt, firstExpiresAt } = readLot(row);
    return [firstExpiresAt ?? expiresAt, null].map((end) => lotTermsHash({ ...lot, expiresAt: end }));
  } catch {
    return [];
  }
}
