import type { EntityManager } from 'typeorm';
import { idToUuid, type AccountId, type MemberId, type ProgrammeId } from '../../kernel/ids.js';
import type { Table } from '../pipeline/index.js';

/** Rows over which a programme's accounts are counted, so that enrolments hardly wait for each other. */
export const ROLL_SHARDS = 16;

/** SQL for the row that counts an account. */
export function shardSql(accountId: string): string {
  return `get_byte(uuid_send(${accountId}), 15) & ${ROLL_SHARDS - 1}`;
}

/** The same for accounts that commands open. */
export function shardOf(accountUuid: string): number {
  return parseInt(accountUuid.slice(-2), 16) & (ROLL_SHARDS - 1);
}

/** How many accounts a programme has; by this `verify` finds that a whole account is gone (ADR 0019). */
export const ACCOUNT_ROLLS: Table = {
  name: 'account_rolls',
  mode: 'increment',
  key: ['programme_id', 'shard'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'shard', type: 'int' },
    { name: 'accounts', type: 'bigint' },
  ],
};

/** Begins to count the accounts of a new programme. */
export async function openRoll(manager: EntityManager, programmeUuid: string): Promise<void> {
  await manager.query(
    `INSERT INTO account_rolls (programme_id, shard, accounts)
     SELECT $1, s.shard, 0 FROM generate_series(0, ${ROLL_SHARDS - 1}) s (shard)`,
    [programmeUuid],
  );
}

/** Opens the account of a new member, in the caller's transaction, which counts it at its end (`countAccount`). */
export async function openAccount(
  manager: EntityManager,
  account: { readonly accountId: AccountId; readonly programmeId: ProgrammeId; readonly memberId: MemberId },
): Promise<void> {
  await manager.query(
    'INSERT INTO accounts (account_id, programme_id, head_member_id, counted) VALUES ($1, $2, $3, true)',
    [idToUuid(account.accountId), idToUuid(account.programmeId), idToUuid(account.memberId)],
  );
}

/** Counts an account that was opened in this transaction; the last of its statements, for others may wait for it. */
export async function countAccount(
  manager: EntityManager,
  programmeUuid: string,
  accountUuid: string,
): Promise<void> {
  await manager.query(
    `UPDATE account_rolls r SET accounts = r.accounts + 1
     WHERE r.programme_id = $1 AND r.shard = ${shardSql('$2::uuid')}`,
    [programmeUuid, accountUuid],
  );
}
