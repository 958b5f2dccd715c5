import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  explained,
  readExplanation,
  triggerName,
  type ExplainedRule,
  type RuleTrace,
} from '../earning/index.js';
import { idToUuid, uuidToId, type ActivityId, type ProgrammeId } from '../kernel/ids.js';
import { formatInstant, parseInstant, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type Condition, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import type { Outcome } from '../platform/pipeline/index.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';

type FirstAnswer = Record<string, unknown> & {
  readonly id: ActivityId;
  readonly type: string;
  readonly occurredAt: string;
};

const CANCELLATION = `LEFT JOIN activity_cancellations x ON x.activity_id = ac.activity_id`;

const LIST: TimeList = {
  select: `SELECT ac.activity_id, ac.member_id, ac.account_id, ac.type, ac.type_version, ac.source, ac.external_id,
      ac.occurred_at, ac.recorded_at, ac.business_date::text AS business_date, ac.attributes, ac.actor, x.cancelled_at
    FROM activities ac JOIN accounts a ON a.account_id = ac.account_id ${CANCELLATION} WHERE a.programme_id = $1`,
  table: 'activities',
  at: 'ac.occurred_at',
  id: 'ac.activity_id',
};

/** Recorded activities as they were answered, with the trace of the rules that evaluated them. */
@Injectable()
export class ActivityQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly configs: ConfigCache,
  ) {}

  /** When an activity occurred; null where the programme has none of that id. */
  async occurredAt(programmeId: ProgrammeId, activityId: ActivityId): Promise<Instant | null> {
    const [row] = await this.dataSource.query<{ occurred_at: Date }[]>(
      `SELECT ac.occurred_at FROM activities ac JOIN accounts a ON a.account_id = ac.account_id
       WHERE ac.activity_id = $1 AND a.programme_id = $2`,
      [idToUuid(activityId), idToUuid(programmeId)],
    );
    return row?.occurred_at.getTime() ?? null;
  }

  async find(programmeId: ProgrammeId, activityId: ActivityId) {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT ac.explanation, ac.actor, c.answer, x.cancelled_at, x.reason, x.taken_from, x.points_taken, x.gone,
         x.debt, x.forgiven, x.actor AS cancelled_by
       FROM activities ac
       JOIN claims c ON c.programme_id = $2 AND c.scope = 'activity'
         AND c.key = ac.source || E'\\n' || ac.external_id AND c.account_id = ac.account_id
       ${CANCELLATION} WHERE ac.activity_id = $1`,
      [idToUuid(activityId), idToUuid(programmeId)],
    );
    if (!row) return null;
    const answer = JSON.parse(row['answer'] as string) as FirstAnswer;
    const traces = await this.traces(programmeId, row['explanation']);
    const explanation = traces && (await this.withLater(programmeId, answer, traces));
    const recorded = { ...answer, actor: row['actor'] as string, cancellation: cancellationOf(row) };
    return { recorded, explanation };
  }

  /** By member, type and day, newest first. */
  async page(programmeId: ProgrammeId, page: AskedPage, type: string | null) {
    const { memberId } = page;
    const conditions: Condition[] = [];
    if (memberId !== null)
      conditions.push([(p: string) => `ac.member_id = ${p}::uuid`, idToUuid(memberId)] as const);
    if (type !== null) conditions.push([(p: string) => `ac.type = ${p}::text`, type] as const);
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, conditions);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(summaryOf);
  }

  /** Puts the trace into an answer: from the decision just made, or from the record of the first one. */
  async explained(programmeId: ProgrammeId, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'answered') return outcome;
    const body = JSON.parse(outcome.body) as FirstAnswer & { explanation: unknown };
    const traces = outcome.explanation as readonly RuleTrace[] | undefined;
    body.explanation = traces
      ? await this.withLater(programmeId, body, traces)
      : ((await this.find(programmeId, body.id))?.explanation ?? null);
    return { ...outcome, body: JSON.stringify(body) };
  }

  /** A version that this process does not know yet is in the configuration as it is now. */
  private async traces(programmeId: ProgrammeId, stored: unknown): Promise<readonly RuleTrace[] | null> {
    const known = readExplanation(stored, await this.configs.atLeast(programmeId, 0));
    return known ?? readExplanation(stored, await this.configs.current(programmeId));
  }

  private async withLater(
    programmeId: ProgrammeId,
    { type, occurredAt }: FirstAnswer,
    traces: readonly RuleTrace[],
  ): Promise<readonly ExplainedRule[]> {
    const config = await this.configs.current(programmeId);
    const trigger = triggerName({ type: 'activity', activity: type });
    return explained(traces, config, parseInstant(occurredAt) as number, trigger);
  }
}

function cancellationOf(row: Row) {
  const at = row['cancelled_at'] as Date | null;
  if (at === null) return null;
  return {
    cancelledAt: formatInstant(at.getTime()),
    reason: row['reason'] as string | null,
    pointsTaken: Number(row['points_taken']),
    pointsGone: Number(row['gone']),
    debt: Number(row['debt']),
    forgiven: Number(row['forgiven']),
    takenFrom: row['taken_from'] as readonly object[],
    actor: row['cancelled_by'] as string,
  };
}

/** An activity in a list: what it is, without what it earned; that is asked for by its id. */
function summaryOf(row: Row) {
  const cancelledAt = row['cancelled_at'] as Date | null;
  return {
    id: uuidToId('atv', row['activity_id'] as string),
    type: row['type'] as string,
    typeVersion: Number(row['type_version']),
    memberId: uuidToId('mbr', row['member_id'] as string),
    accountId: uuidToId('acc', row['account_id'] as string),
    source: row['source'] as string,
    externalId: row['external_id'] as string,
    occurredAt: formatInstant((row['occurred_at'] as Date).getTime()),
    recordedAt: formatInstant((row['recorded_at'] as Date).getTime()),
    businessDate: row['business_date'] as string,
    attributes: row['attributes'] as object,
    cancelledAt: cancelledAt && formatInstant(cancelledAt.getTime()),
    actor: row['actor'] as string,
  };
}
