import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { explained, readExplanation, CALENDAR } from '../earning/index.js';
import { idToUuid, uuidToId, type GiftId, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';

const GIFTS = `SELECT g.gift_id, g.rule_id, g.rule_version, g.occasion, g.day::text AS day, g.years,
    g.occurred_at, g.recorded_at, g.points, g.explanation
  FROM calendar_gifts g WHERE g.member_id = $1 AND ($2::uuid IS NULL OR g.gift_id < $2)
  ORDER BY g.gift_id DESC LIMIT $3`;

/** Gifts for anniversaries of a member, the latest first, each with why it came to what it did. */
@Injectable()
export class CalendarGiftsQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly configs: ConfigCache,
  ) {}

  async page(programmeId: ProgrammeId, memberId: MemberId, limit: number, before: GiftId | null) {
    const cursor = before === null ? null : idToUuid(before);
    const rows = await this.dataSource.query<Record<string, unknown>[]>(GIFTS, [
      idToUuid(memberId),
      cursor,
      limit + 1,
    ]);
    const config = await this.configs.current(programmeId);
    const data = rows.slice(0, limit).map((row) => {
      const occurredAt = (row['occurred_at'] as Date).getTime();
      const traces = readExplanation(row['explanation'], config) ?? [];
      return {
        id: uuidToId('gft', row['gift_id'] as string),
        rule: { id: row['rule_id'] as string, version: row['rule_version'] as number },
        on: row['occasion'] as string,
        day: row['day'] as string,
        years: row['years'] as number,
        occurredAt: formatInstant(occurredAt),
        recordedAt: formatInstant((row['recorded_at'] as Date).getTime()),
        points: Number(row['points']),
        explanation: explained(traces, config, occurredAt, CALENDAR).filter(
          ({ why }) => why !== 'notYetInForce',
        ),
      };
    });
    const nextCursor = rows.length > limit ? (data.at(-1)?.id ?? null) : null;
    return { data, nextCursor };
  }
}
