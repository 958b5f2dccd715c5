import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid } from '../kernel/ids.js';
import { appendAudit } from '../platform/audit/audit.store.js';
import type { ConfigAct } from '../platform/versioned-config/config-act.js';
import { DATA_SOURCE } from '../platform/tokens.js';

/** What is left of stocked rewards; redemptions themselves count through the pipeline. */
@Injectable()
export class RewardStockStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async remaining(act: Pick<ConfigAct, 'programmeId'>): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ reward_id: string; remaining: string }[]>(
      'SELECT s.reward_id, s.remaining FROM reward_stock s WHERE s.programme_id = $1',
      [idToUuid(act.programmeId)],
    );
    return new Map(rows.map(({ reward_id, remaining }) => [reward_id, Number(remaining)]));
  }

  /** Adds to the stock, never below 0. @returns what is left. */
  async add(act: ConfigAct, rewardId: string, add: number): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<{ remaining: string }[]>(
        `INSERT INTO reward_stock AS s (programme_id, reward_id, remaining) VALUES ($1, $2, greatest(0, $3::bigint))
         ON CONFLICT (programme_id, reward_id) DO UPDATE SET remaining = greatest(0, s.remaining + $3::bigint)
         RETURNING s.remaining`,
        [idToUuid(act.programmeId), rewardId, add],
      );
      const remaining = Number(row?.remaining);
      await appendAudit(manager, {
        auditId: idToUuid(act.ids.next('adt')),
        programmeId: idToUuid(act.programmeId),
        at: new Date(act.now),
        actor: act.actor,
        action: 'stock.added',
        subject: `reward/${rewardId}`,
        before: null,
        after: { add, remaining },
        record: null,
      });
      return remaining;
    });
  }
}
