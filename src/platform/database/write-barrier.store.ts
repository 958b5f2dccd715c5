import type { DataSource, EntityManager } from 'typeorm';

/**
 * The source by which a write holds the barrier up: the newest row, locked until its transaction ends. There is none
 * for a statement that began before the change for which the barrier was raised, and found it raised: what it would
 * write is decided again.
 */
export const HELD_BARRIER = `SELECT b.barrier FROM write_barriers b ORDER BY b.barrier DESC LIMIT 1 FOR KEY SHARE`;

/** How long a change waits for the writes under way. All other writes wait behind it meanwhile. */
const HOLD_WRITES_LIMIT_MS = 2_000;

/**
 * Lets writes end and begins none until the transaction ends. Writes take the table in ROW SHARE mode. It is not the
 * table of accounts that is locked: VACUUM, ANALYZE and CREATE INDEX CONCURRENTLY hold that one for minutes, and every
 * write would wait behind the lock that waits for them.
 */
const HOLD = 'LOCK TABLE write_barriers IN EXCLUSIVE MODE';
/** One that raises the barrier changes programmes, so it waits for a holder of all writes before it does. */
const TURN = 'LOCK TABLE write_barriers IN SHARE ROW EXCLUSIVE MODE';
const PATIENCE = `SELECT set_config('lock_timeout', $1, true)`;
const RAISE = `INSERT INTO write_barriers (barrier) SELECT coalesce(max(b.barrier), 0) + 1 FROM write_barriers b`;
const PASS = `DELETE FROM write_barriers b WHERE b.barrier < (SELECT max(n.barrier) FROM write_barriers n)`;
/** lock_not_available */
const LOCKED = '55P03';

/** A write that began before the change has not ended in time. */
export class WritesUnderWay extends Error {}

/**
 * Waits for the commands that are being written and lets others wait until the transaction ends, so that what is read
 * in it holds until then. Call it first: a transaction that has locks and waits for writes may wait in a ring.
 * @throws an error of the database (55P03, answered with 503) when a write, or a later lock, takes longer than
 *   `HOLD_WRITES_LIMIT_MS`.
 */
export async function holdWrites(manager: EntityManager): Promise<void> {
  await manager.query(PATIENCE, [`${HOLD_WRITES_LIMIT_MS}ms`]);
  await manager.query(HOLD);
}

/**
 * Has every write of the pipeline see a change. Writes lock the newest barrier and do not wait for each other. A change
 * puts up a newer barrier, which later writes lock, and deletes the older ones, which waits for the writes that hold
 * them. So no transaction ids, snapshots or clocks decide which write came first (ADR 0023).
 */
export class WriteBarrier {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Carries out a change and commits it. When this returns, every write that did not know of the change is committed
   * or gone, and every later one knows of it.
   * @param patienceMs how long it may take until they have ended.
   * @throws WritesUnderWay when it takes longer. The change is committed then; call it again.
   */
  async after(change: (manager: EntityManager) => Promise<void>, patienceMs: number): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(TURN);
      await change(manager);
      await manager.query(RAISE);
    });
    try {
      await this.dataSource.transaction(async (manager) => {
        await manager.query(PATIENCE, [`${patienceMs}ms`]);
        await manager.query(PASS);
      });
    } catch (error) {
      if ((error as { readonly code?: string }).code !== LOCKED) throw error;
      throw new WritesUnderWay(`a write that began before is not over after ${patienceMs} ms`, {
        cause: error,
      });
    }
  }
}
