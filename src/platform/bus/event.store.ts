import type { EntityManager } from 'typeorm';
import {
  idToUuid,
  type AccountId,
  type IdSource,
  type MemberId,
  type ProgrammeId,
} from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';

/** An event that is not part of a pipeline decision, such as a member's enrolment. */
export interface NewEvent {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId: MemberId | null;
  readonly type: string;
  readonly version: number;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly data: Readonly<Record<string, unknown>>;
  /** The API key that did it. */
  readonly actor: string;
  /** Digest of the row that was changed, hex, where the event stands for a change outside of commands. */
  readonly record?: string;
}

/** How many columns the link of an event covers, as the pipeline writes them. */
const SEAL = 11;

/**
 * Adds an event in the caller's transaction. It takes the account's next event number and moves the account's
 * version forward, so that decisions under way notice that something about the member changed.
 */
export async function appendEvent(manager: EntityManager, event: NewEvent, ids: IdSource): Promise<void> {
  await manager.query(
    `WITH account AS (
       UPDATE accounts a SET version = a.version + 1, event_seq = a.event_seq + 1,
         event_head = sha256(a.event_head || substr(record_send(ROW(a.event_seq + 1, $2::uuid, $3::uuid, $4::uuid,
           $5::text, $6::int, $7::timestamptz, $8::timestamptz, $9::json, $10::bytea, $11::text)), 5))
       WHERE a.account_id = $1 RETURNING a.event_seq),
     unpublished AS (
       INSERT INTO unpublished_events (account_id, first_sequence, events)
       SELECT $1, account.event_seq, 1 FROM account)
     INSERT INTO events (account_id, sequence, event_id, programme_id, member_id, type, version, occurred_at,
       recorded_at, data, record, actor, seal)
     SELECT $1, account.event_seq, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ${SEAL} FROM account`,
    [
      idToUuid(event.accountId),
      idToUuid(ids.next('evt')),
      idToUuid(event.programmeId),
      event.memberId === null ? null : idToUuid(event.memberId),
      event.type,
      event.version,
      new Date(event.occurredAt),
      new Date(event.recordedAt),
      JSON.stringify(event.data),
      event.record === undefined ? null : Buffer.from(event.record, 'hex'),
      event.actor,
    ],
  );
}
