import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { explained, PROMOTION, readExplanation } from '../earning/index.js';
import {
  idToUuid,
  uuidToId,
  type GiftId,
  type IdPrefix,
  type MemberId,
  type ProgrammeId,
} from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';

const GIFTS = `SELECT g.gift_id, g.rule_id, g.rule_version, g.tier, g.since, g.cause_type, g.cause_id, g.occurred_at,
    g.recorded_at, g.points, g.explanation, r.cause_type AS taken_by, r.cause_id AS taken_by_id,
    r.recorded_at AS taken_at, r.points_taken, r.gone, r.debt, r.forgiven
  FROM promotion_gifts g LEFT JOIN promotion_gift_reversals r ON r.gift_id = g.gift_id
  WHERE g.member_id = $1 AND ($2::uuid IS NULL OR g.gift_id < $2)
  ORDER BY g.gift_id DESC LIMIT $3`;

/** Of what the cause of a gift, or of taking it back, is the id. */
const CAUSE_PREFIX: Readonly<Record<string, IdPrefix>> = {
  purchase: 'pur',
  merge: 'mbr',
  return: 'ret',
  cancellation: 'pur',
  undo: 'und',
};

/** Gifts for promotions of a member, the latest first, each with why it came to what it did and what became of it. */
@Injectable()
export class PromotionGiftsQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly configs: ConfigCache,
  ) {}

  async page(programmeId: ProgrammeId, memberId: MemberId, limit: number, before: GiftId | null) {
    const cursor = before === null ? null : idToUuid(before);
    const rows = await this.dataSource.query<Row[]>(GIFTS, [idToUuid(memberId), cursor, limit + 1]);
    const config = await this.configs.current(programmeId);
    const data = rows.slice(0, limit).map((row) => viewOf(row, config));
    const nextCursor = rows.length > limit ? (data.at(-1)?.id ?? null) : null;
    return { data, nextCursor };
  }
}

function viewOf(row: Row, config: ConfigSnapshot) {
  const occurredAt = (row['occurred_at'] as Date).getTime();
  const traces = readExplanation(row['explanation'], config) ?? [];
  return {
    id: uuidToId('gft', row['gift_id'] as string),
    rule: { id: row['rule_id'] as string, version: row['rule_version'] as number },
    tier: row['tier'] as string,
    since: instantOf(row['since']),
    cause: causeOf(row['cause_type'] as string, row['cause_id'] as string | null),
    occurredAt: formatInstant(occurredAt),
    recordedAt: instantOf(row['recorded_at']),
    points: Number(row['points']),
    takenBack: row['taken_by'] === null ? null : takenBackOf(row),
    explanation: explained(traces, config, occurredAt, PROMOTION).filter(
      ({ why }) => why !== 'notYetInForce',
    ),
  };
}

function takenBackOf(row: Row) {
  return {
    cause: causeOf(row['taken_by'] as string, row['taken_by_id'] as string),
    recordedAt: instantOf(row['taken_at']),
    pointsTaken: Number(row['points_taken']),
    pointsGone: Number(row['gone']),
    debt: Number(row['debt']),
    forgiven: Number(row['forgiven']),
  };
}

function causeOf(type: string, uuid: string | null) {
  const prefix = CAUSE_PREFIX[type];
  return { type, id: uuid === null || prefix === undefined ? null : uuidToId(prefix, uuid) };
}

function instantOf(date: unknown): string {
  return formatInstant((date as Date).getTime());
}
