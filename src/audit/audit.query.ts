import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AuditedAction } from '../kernel/audited-actions.js';
import { idToUuid, uuidToId, type Id, type MemberId, type ProgrammeId } from '../kernel/ids.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { DATA_SOURCE } from '../platform/tokens.js';

export interface AuditFilter {
  readonly actor: string | null;
  readonly action: AuditedAction | null;
  readonly subject: string | null;
  readonly memberId: MemberId | null;
  /** From then on, and before then. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly cursor: Id<'adt'> | null;
  readonly limit: number;
}

/** Each filter that is set is a condition of its own, so that the planner takes the index that fits. */
const CONDITIONS: readonly (readonly [keyof AuditFilter, (parameter: string) => string])[] = [
  ['actor', (parameter) => `l.actor = ${parameter}::text`],
  ['action', (parameter) => `l.action = ${parameter}::text`],
  ['subject', (parameter) => `l.subject = ${parameter}::text`],
  ['memberId', (parameter) => `l.member_id = ${parameter}::uuid`],
  ['from', (parameter) => `l.at >= ${parameter}::timestamptz`],
  ['to', (parameter) => `l.at < ${parameter}::timestamptz`],
  [
    'cursor',
    (parameter) =>
      `(l.at, l.audit_id) < (SELECT c.at, c.audit_id FROM audit_log c WHERE c.audit_id = ${parameter}::uuid)`,
  ],
];

/** Reads the audit log, newest first. */
@Injectable()
export class AuditQuery {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async page(programmeId: ProgrammeId, filter: AuditFilter) {
    const set = CONDITIONS.filter(([name]) => filter[name] !== null);
    const conditions = set.map(([, condition], index) => `AND ${condition(`$${index + 3}`)}`);
    const sql = `SELECT l.audit_id, l.at, l.actor, l.action, l.subject, l.member_id, l.before, l.after FROM audit_log l
      WHERE l.programme_id = $1 ${conditions.join(' ')}
      ORDER BY l.at DESC, l.audit_id DESC LIMIT $2`;
    const values = set.map(([name]) => valueOf(name, filter[name] as string | number));
    const rows = await this.dataSource.query<Row[]>(sql, [idToUuid(programmeId), filter.limit, ...values]);
    return rows.map(entryOf);
  }
}

function valueOf(name: keyof AuditFilter, value: string | number): unknown {
  if (name === 'memberId' || name === 'cursor') return idToUuid(value as string);
  return name === 'from' || name === 'to' ? new Date(value) : value;
}

function entryOf(row: Row) {
  const member = row['member_id'] as string | null;
  return {
    id: uuidToId('adt', row['audit_id'] as string),
    at: formatInstant((row['at'] as Date).getTime()),
    actor: row['actor'] as string,
    action: row['action'] as string,
    subject: row['subject'] as string,
    memberId: member === null ? null : uuidToId('mbr', member),
    before: row['before'],
    after: row['after'],
  };
}
