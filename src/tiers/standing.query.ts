import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type MemberId } from '../kernel/ids.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { FIRST_DAY } from '../kernel/window.js';
import { readMeasures, receiptMeasures } from '../ledger/index.js';
import type { Row } from '../platform/database/row.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { QualifyingDay } from './domain/counted-day.js';
import { replay } from './domain/replay.js';
import type { StandingState } from './domain/standing.js';
import { countedOf, LACKS_DAYS } from './domain/timed-standing.js';
import { ladderVersionsBy } from './ladder-versions.js';
import { settled } from './settled-standing.js';
import { standingJoin, standingSelect } from './standing-join.query.js';
import { standingView, type StandingView } from './standing-view.js';
import { measuresFrom, readStanding } from './tiers.slice.js';

const STANDING = `SELECT ${standingSelect('true')} FROM members m ${standingJoin('$2::date')}
  WHERE m.member_id = $1`;

/** Receipts of a duplicate are the survivor's from when the merge was known. */
const BUYERS = `SELECT $1::uuid AS member_id, $1::uuid AS buyer
  UNION ALL
  SELECT $1::uuid, d.member_id FROM members d JOIN events e ON e.account_id IN (d.home_account_id, d.account_id)
    AND e.member_id = d.member_id AND e.type = 'member.merged' AND e.occurred_at <= $3 AND e.recorded_at <= $4
  WHERE d.merged_into = $1`;

const MEASURES = receiptMeasures(
  BUYERS,
  (x) => `${x}.occurred_at <= $3 AND ${x}.recorded_at <= $4`,
  'b.business_date >= $2::date',
);

/** A member's standing, now or at an instant of the past. */
@Injectable()
export class StandingQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The standing now. What is due of it is worked out as the next command writes it, and not written. */
  async current(memberId: MemberId, config: ConfigSnapshot, now: Instant): Promise<StandingView> {
    const state = settled(await this.read(memberId, measuresFrom(config, now, now)), config, now);
    if (state !== LACKS_DAYS) return standingView(state, config, now);
    const whole = settled(await this.read(memberId, FIRST_DAY), config, now);
    return standingView(whole as StandingState, config, now);
  }

  /**
   * What had happened by `asOf`, as far as it was known by `knownAt`: the changes of tier known by then, and the
   * measures out of the receipts and returns, as what is counted by day forgets when it was learnt. The ladder is
   * the one that is published now for `asOf`.
   */
  async asOf(
    memberId: MemberId,
    config: ConfigSnapshot,
    asOf: Instant,
    knownAt: Instant,
  ): Promise<StandingView> {
    const versions = ladderVersionsBy(config, asOf);
    // A standing on a ladder with time follows from all days.
    const from = versions.length > 0 ? FIRST_DAY : measuresFrom(config, asOf, asOf);
    const state = await this.read(memberId, from);
    const values = [idToUuid(memberId), from, new Date(asOf), new Date(knownAt)];
    const rows = await this.dataSource.query<Row[]>(MEASURES, values);
    const days = new Map<LocalDate, QualifyingDay>();
    for (const [day, { spendMinor, points, visits, status }] of readMeasures(rows[0]))
      days.set(day, { spendMinor, points, visits, status });
    const changes = state.changes.filter(({ recordedAt }) => recordedAt <= knownAt);
    const known = { ...state, days, changes };
    const counted = countedOf(known, config.timeZone);
    const place = replay(versions, counted, localDate(asOf, config.timeZone))?.place ?? null;
    return standingView({ ...known, place }, config, asOf);
  }

  /** @param from the first day that is read of what counted. */
  private async read(memberId: MemberId, from: LocalDate): Promise<StandingState> {
    const [row] = await this.dataSource.query<Row[]>(STANDING, [idToUuid(memberId), from]);
    return readStanding({ ...row, tier_days_from: from });
  }
}
