import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type MemberId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/pipeline/slice.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { STANDING_SELECT, standingJoin } from './standing-join.query.js';
import { standingView, type StandingView } from './standing-view.js';
import { measuresFrom, readStanding } from './tiers.slice.js';

const STANDING = `SELECT ${STANDING_SELECT} FROM (SELECT $1::uuid AS account_id, $2::uuid AS member_id) t
  ${standingJoin('$3::date')}`;

/** A member's standing at an instant. */
@Injectable()
export class StandingQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async at(
    accountId: AccountId,
    memberId: MemberId,
    config: ConfigSnapshot,
    at: Instant,
  ): Promise<StandingView> {
    const values = [idToUuid(accountId), idToUuid(memberId), measuresFrom(config, at, at)];
    const [row] = await this.dataSource.query<Row[]>(STANDING, values);
    return standingView(readStanding(row as Row), config, at);
  }
}
