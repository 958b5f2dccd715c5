import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type MemberId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/pipeline/slice.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { STANDING_SELECT, standingJoin } from './standing-join.query.js';
import { standingView, type StandingView } from './standing-view.js';
import { measuresFrom, readStanding } from './tiers.slice.js';

const STANDING = `SELECT ${STANDING_SELECT} FROM members m ${standingJoin('$2::date')}
  WHERE m.member_id = $1`;

/** A member's standing at an instant. */
@Injectable()
export class StandingQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async at(memberId: MemberId, config: ConfigSnapshot, at: Instant): Promise<StandingView> {
    const values = [idToUuid(memberId), measuresFrom(config, at, at)];
    const [row] = await this.dataSource.query<Row[]>(STANDING, values);
    return standingView(readStanding(row as Row), config, at);
  }
}
