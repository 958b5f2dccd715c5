import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { AuditedAction } from '../kernel/audited-actions.js';
import { idToUuid, uuidToId, type IdSource, type KeyId, type ProgrammeId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { appendAudit, recordDigest } from '../platform/audit/audit.store.js';
import { CHANGE_REQUEST_RECORD } from '../platform/audit/record-columns.js';
import type { Row } from '../platform/database/row.js';
import {
  timeListStatement,
  type Condition,
  type TimeList,
  type TimeListPage,
} from '../platform/database/time-list.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { changeRequestView } from './change-request-view.js';
import type { ChangeDecision, ChangeRequest, ChangeRequestId, ChangeState } from './domain/change-request.js';

const LIST: TimeList = {
  select: 'SELECT x.* FROM change_requests x WHERE x.programme_id = $1',
  table: 'change_requests',
  at: 'x.requested_at',
  id: 'x.request_id',
};

const ADD = `INSERT INTO change_requests (request_id, programme_id, subject, subject_id, digest, base_version, before,
    content, requested_by, requested_at, maker_lines, effective_at, expires_at, state)
  VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8, $9, $10, $11, $12, $13, 'open')`;

const END = `UPDATE change_requests x SET state = $2, decided_by = $3, decided_at = $4, decision_note = $5
  WHERE x.request_id = $1 AND x.state = 'open'`;

/** What a filter asks for; null: of all. */
export interface ChangeRequestFilter {
  readonly state: ChangeState | null;
  readonly subject: string | null;
}

/** The actor of a step and its instant. */
export interface ChangeStep {
  readonly programmeId: ProgrammeId;
  readonly actor: string;
  readonly now: Instant;
  readonly ids: IdSource;
}

/** Reads and writes change requests; each step has an entry of the audit log in its own transaction. */
@Injectable()
export class ChangeRequestStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Runs a step that ends requests without publishing anything. It locks the programme's row first, as a publication
   * does: two that lock in one order never wait for each other.
   */
  async transaction<T>(programmeId: ProgrammeId, run: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT FROM programmes p WHERE p.programme_id = $1 FOR UPDATE', [
        idToUuid(programmeId),
      ]);
      return run(manager);
    });
  }

  async find(programmeId: ProgrammeId, id: ChangeRequestId): Promise<ChangeRequest | null> {
    return this.read(this.dataSource.manager, programmeId, id, '');
  }

  /** The same, locked until the transaction ends: of two decisions at once the second sees the first. */
  async lock(
    manager: EntityManager,
    programmeId: ProgrammeId,
    id: ChangeRequestId,
  ): Promise<ChangeRequest | null> {
    return this.read(manager, programmeId, id, ' FOR UPDATE');
  }

  /** The open requests about a subject, locked, oldest first. */
  async open(
    manager: EntityManager,
    programmeId: ProgrammeId,
    subject: string,
    subjectId: string,
  ): Promise<readonly ChangeRequest[]> {
    const rows = await manager.query<Row[]>(
      `SELECT x.* FROM change_requests x WHERE x.programme_id = $1 AND x.subject = $2 AND x.subject_id = $3
        AND x.state = 'open' ORDER BY x.request_id FOR UPDATE`,
      [idToUuid(programmeId), subject, subjectId],
    );
    return rows.map(readRequest);
  }

  /** Newest first. @param now by which an open request has lapsed or not. */
  async page(
    programmeId: ProgrammeId,
    page: TimeListPage,
    { state, subject }: ChangeRequestFilter,
    now: Instant,
  ): Promise<readonly ChangeRequest[]> {
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, [
      ...(subject === null ? [] : [[(p: string) => `x.subject = ${p}::text`, subject] as const]),
      ...(state === null ? [] : stateConditions(state, now)),
    ]);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(readRequest);
  }

  async add(manager: EntityManager, step: ChangeStep, request: ChangeRequest): Promise<void> {
    const instant = (at: Instant | null) => (at === null ? null : new Date(at));
    await manager.query(ADD, [
      ...[idToUuid(request.requestId), idToUuid(step.programmeId), request.subject, request.subjectId],
      ...[request.digest, request.baseVersion, request.before && JSON.stringify(request.before)],
      ...[JSON.stringify(request.content), request.requestedBy, instant(request.requestedAt)],
      ...[request.makerLines.map(idToUuid), instant(request.effectiveAt), instant(request.expiresAt)],
    ]);
    await this.note(manager, step, 'change.requested', null, request);
  }

  /** Ends an open request. @returns it as it is then. */
  async end(
    manager: EntityManager,
    step: ChangeStep,
    request: ChangeRequest,
    state: Exclude<ChangeState, 'open'>,
    note: string | null = null,
  ): Promise<ChangeRequest> {
    const decision: ChangeDecision = { by: step.actor, at: step.now, note };
    const values = [idToUuid(request.requestId), state, decision.by, new Date(decision.at), note];
    await manager.query(END, values);
    const ended: ChangeRequest = { ...request, state, decision };
    await this.note(manager, step, `change.${state}`, request, ended);
    return ended;
  }

  private async read(
    manager: EntityManager,
    programmeId: ProgrammeId,
    id: ChangeRequestId,
    lock: '' | ' FOR UPDATE',
  ): Promise<ChangeRequest | null> {
    const [row] = await manager.query<Row[]>(
      `SELECT x.* FROM change_requests x WHERE x.request_id = $1 AND x.programme_id = $2${lock}`,
      [idToUuid(id), idToUuid(programmeId)],
    );
    return row ? readRequest(row) : null;
  }

  private async note(
    manager: EntityManager,
    { programmeId, actor, now, ids }: ChangeStep,
    action: AuditedAction & `change.${string}`,
    before: ChangeRequest | null,
    after: ChangeRequest,
  ): Promise<void> {
    const uuid = idToUuid(after.requestId);
    const record = { record: CHANGE_REQUEST_RECORD, from: 'change_requests x WHERE x.request_id = $1' };
    await appendAudit(manager, {
      auditId: idToUuid(ids.next('adt')),
      programmeId: idToUuid(programmeId),
      at: new Date(now),
      actor,
      action,
      subject: after.requestId,
      before: before && changeRequestView(before),
      after: changeRequestView(after),
      subjectId: uuid,
      record: await recordDigest(manager, record, [uuid]),
    });
  }
}

function stateConditions(state: ChangeState, now: Instant): readonly Condition[] {
  const past = '(x.expires_at <= P::timestamptz OR coalesce(x.effective_at <= P::timestamptz, false))';
  const isPast = (p: string) => past.replaceAll('P', p);
  if (state === 'open') return [[(p) => `x.state = 'open' AND NOT ${isPast(p)}`, new Date(now)]];
  if (state === 'lapsed')
    return [[(p) => `(x.state = 'lapsed' OR (x.state = 'open' AND ${isPast(p)}))`, new Date(now)]];
  return [[(p) => `x.state = ${p}::text`, state]];
}

function readRequest(row: Row): ChangeRequest {
  const instant = (value: unknown): Instant | null => (value === null ? null : (value as Date).getTime());
  const decidedAt = instant(row['decided_at']);
  return {
    requestId: uuidToId('chr', row['request_id'] as string),
    subject: row['subject'] as string,
    subjectId: row['subject_id'] as string,
    digest: (row['digest'] as Buffer).toString('hex'),
    baseVersion: row['base_version'] as number | null,
    before: row['before'] as ChangeRequest['before'],
    content: row['content'] as ChangeRequest['content'],
    requestedBy: row['requested_by'] as string,
    requestedAt: instant(row['requested_at']) ?? 0,
    makerLines: (row['maker_lines'] as string[]).map((line): KeyId => uuidToId('key', line)),
    effectiveAt: instant(row['effective_at']),
    expiresAt: instant(row['expires_at']) ?? 0,
    state: row['state'] as ChangeState,
    decision:
      decidedAt === null
        ? null
        : { by: row['decided_by'] as string, at: decidedAt, note: row['decision_note'] as string | null },
  };
}
