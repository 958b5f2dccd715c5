import type { DataSource, EntityManager } from 'typeorm';
import type { AuditedAction } from '../../kernel/audited-actions.js';
import { idToUuid, uuidToId, type IdSource, type ProgrammeId } from '../../kernel/ids.js';
import { formatInstant, type Clock } from '../../kernel/time.js';
import { appendAudit } from '../audit/audit.store.js';
import type { Row } from '../database/row.js';

/** An event that a listener could not handle, as operators see it. */
export interface DeadLetter {
  readonly listener: string;
  readonly eventId: string;
  readonly type: string;
  readonly accountId: string;
  readonly memberId: string | null;
  readonly sequence: number;
  readonly position: number;
  readonly attempts: number;
  readonly error: string;
  readonly failedAt: string;
  /** Since when it waits to be handed over again; null while no retry was requested. */
  readonly retryAt: string | null;
}

/** The place of a dead letter in their list. */
export interface LetterPlace {
  readonly position: number;
  readonly listener: string;
}

/** What a retry or a discard needs to know of a dead letter. */
export interface LetterOf {
  readonly programmeId: ProgrammeId;
  readonly listener: string;
  /** The event's uuid. */
  readonly eventUuid: string;
  /** The API key that acts. */
  readonly actor: string;
}

/** Letters `d` with what they are about. */
const LETTERS = `SELECT d.consumer, d.position, d.event_id, d.attempts, d.error, d.failed_at, d.retry_at,
    e.type, e.account_id, e.member_id, e.sequence
  FROM dead_letters d
  CROSS JOIN LATERAL (SELECT p.account_id, p.first_sequence + d.position - (p.position - p.events + 1) AS sequence
    FROM event_positions p WHERE p.position >= d.position ORDER BY p.position LIMIT 1) p
  JOIN events e ON e.account_id = p.account_id AND e.sequence = p.sequence`;

const PAGE = `${LETTERS}
  WHERE d.programme_id = $1 AND ($2::text IS NULL OR d.consumer = $2)
    AND ($3::bigint IS NULL OR (d.position, d.consumer) > ($3, $4))
  ORDER BY d.position, d.consumer LIMIT $5`;

const ONE = `${LETTERS} WHERE d.programme_id = $1 AND d.consumer = $2 AND d.event_id = $3`;

const KEY = 'd.programme_id = $1 AND d.consumer = $2 AND d.event_id = $3';
const RETRY = `UPDATE dead_letters d SET retry_at = coalesce(d.retry_at, $4) WHERE ${KEY}`;
const DISCARD = `DELETE FROM dead_letters d WHERE ${KEY}`;
const LOCK = `SELECT d.position FROM dead_letters d WHERE ${KEY} FOR UPDATE`;

/** Events that listeners could not handle: shown, handed over again, given up. */
export class DeadLetterStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  /** Of a programme, in the order of the log; of one listener, or of all. */
  async page(
    programmeId: ProgrammeId,
    listener: string | null,
    after: LetterPlace | null,
    limit: number,
  ): Promise<readonly DeadLetter[]> {
    const values = [idToUuid(programmeId), listener, after?.position ?? null, after?.listener ?? null, limit];
    return (await this.dataSource.query<Row[]>(PAGE, values)).map(read);
  }

  /** Has a letter handed over again at the next look. Asked twice, it is handed over once. @returns null for none. */
  retry(of: LetterOf): Promise<DeadLetter | null> {
    return this.act(of, 'deadLetter.retried', async (manager, values) => {
      await manager.query(RETRY, [...values, new Date(this.clock.now())]);
      return this.find(manager, values);
    });
  }

  /** Gives a letter up: its event is not handed over any more. @returns it as it was; null for none. */
  discard(of: LetterOf): Promise<DeadLetter | null> {
    return this.act(of, 'deadLetter.discarded', async (manager, values) => {
      const letter = await this.find(manager, values);
      await manager.query(DISCARD, [...values]);
      return letter;
    });
  }

  private act(
    { programmeId, listener, eventUuid, actor }: LetterOf,
    action: AuditedAction,
    change: (manager: EntityManager, values: readonly string[]) => Promise<DeadLetter | null>,
  ): Promise<DeadLetter | null> {
    const values = [idToUuid(programmeId), listener, eventUuid];
    return this.dataSource.transaction(async (manager) => {
      if ((await manager.query<Row[]>(LOCK, values)).length === 0) return null;
      const letter = await change(manager, values);
      if (!letter) return null;
      const { error, attempts, eventId } = letter;
      await appendAudit(manager, {
        auditId: idToUuid(this.ids.next('adt')),
        programmeId: idToUuid(programmeId),
        at: new Date(this.clock.now()),
        actor,
        action,
        subject: `${listener}/${eventId}`,
        before: { error, attempts },
        after: null,
        record: null,
      });
      return letter;
    });
  }

  private async find(manager: EntityManager, values: readonly string[]): Promise<DeadLetter | null> {
    const [row] = await manager.query<Row[]>(ONE, [...values]);
    return row ? read(row) : null;
  }
}

function read(row: Row): DeadLetter {
  const member = row['member_id'] as string | null;
  const retryAt = row['retry_at'] as Date | null;
  return {
    listener: row['consumer'] as string,
    eventId: uuidToId('evt', row['event_id'] as string),
    type: row['type'] as string,
    accountId: uuidToId('acc', row['account_id'] as string),
    memberId: member === null ? null : uuidToId('mbr', member),
    sequence: Number(row['sequence']),
    position: Number(row['position']),
    attempts: row['attempts'] as number,
    error: row['error'] as string,
    failedAt: formatInstant((row['failed_at'] as Date).getTime()),
    retryAt: retryAt === null ? null : formatInstant(retryAt.getTime()),
  };
}
