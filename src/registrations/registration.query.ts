import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  explained,
  readExplanation,
  triggerName,
  type ExplainedRule,
  type RuleTrace,
} from '../earning/index.js';
import { idToUuid, uuidToId, type ProgrammeId, type RegistrationId } from '../kernel/ids.js';
import { formatInstant, parseInstant, type Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type Condition, type TimeList } from '../platform/database/time-list.js';
import type { AskedPage } from '../platform/http/time-list.dto.js';
import type { Outcome } from '../platform/pipeline/index.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';

const COLUMNS = `r.registration_id, r.campaign_id, r.campaign_version, r.member_id, r.registered_at,
    r.business_date::text AS business_date, r.points_granted, r.actor`;
const CANCELLATION = `LEFT JOIN campaign_cancellations x ON x.registration_id = r.registration_id`;

const LIST: TimeList = {
  select: `SELECT ${COLUMNS}, x.cancelled_at FROM campaign_registrations r ${CANCELLATION} WHERE r.programme_id = $1`,
  table: 'campaign_registrations',
  at: 'r.registered_at',
  id: 'r.registration_id',
};

/** Registrations for campaigns, with the trace of the rules that evaluated them. */
@Injectable()
export class RegistrationQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly configs: ConfigCache,
  ) {}

  /** When the member registered; null where the programme has none of that id. */
  async registeredAt(programmeId: ProgrammeId, id: RegistrationId): Promise<Instant | null> {
    const [row] = await this.dataSource.query<{ registered_at: Date }[]>(
      'SELECT r.registered_at FROM campaign_registrations r WHERE r.registration_id = $1 AND r.programme_id = $2',
      [idToUuid(id), idToUuid(programmeId)],
    );
    return row?.registered_at.getTime() ?? null;
  }

  async find(programmeId: ProgrammeId, campaignId: string, id: RegistrationId) {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS}, r.explanation, x.cancelled_at, x.cause, x.reason, x.taken_from, x.points_taken, x.gone,
         x.debt, x.forgiven, x.actor AS cancelled_by
       FROM campaign_registrations r ${CANCELLATION}
       WHERE r.registration_id = $1 AND r.programme_id = $2 AND r.campaign_id = $3`,
      [idToUuid(id), idToUuid(programmeId), campaignId],
    );
    if (!row) return null;
    const traces = await this.traces(programmeId, row['explanation']);
    const explanation = traces && (await this.withLater(programmeId, campaignId, shownAt(row), traces));
    return { recorded: { ...shownOf(row), cancellation: cancellationOf(row) }, explanation };
  }

  /** By member and day, newest first. */
  async page(programmeId: ProgrammeId, campaignId: string, page: AskedPage) {
    const { memberId } = page;
    const conditions: Condition[] = [[(p: string) => `r.campaign_id = ${p}::text`, campaignId] as const];
    if (memberId !== null)
      conditions.push([(p: string) => `r.member_id = ${p}::uuid`, idToUuid(memberId)] as const);
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, conditions);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map((row) => {
      const cancelledAt = row['cancelled_at'] as Date | null;
      return { ...shownOf(row), cancelledAt: cancelledAt && formatInstant(cancelledAt.getTime()) };
    });
  }

  /** Puts the trace into an answer: from the decision just made, or from the record of the first one. */
  async explained(programmeId: ProgrammeId, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'answered') return outcome;
    const body = JSON.parse(outcome.body) as {
      readonly id: RegistrationId;
      readonly campaignId: string;
      readonly registeredAt: string;
      explanation: unknown;
    };
    const found = await this.find(programmeId, body.campaignId, body.id);
    const at = parseInstant(body.registeredAt) as number;
    const traces = (outcome.explanation ?? []) as readonly RuleTrace[];
    body.explanation = found
      ? found.explanation
      : await this.withLater(programmeId, body.campaignId, at, traces);
    return { ...outcome, body: JSON.stringify(body) };
  }

  /** A version that this process does not know yet is in the configuration as it is now. */
  private async traces(programmeId: ProgrammeId, stored: unknown): Promise<readonly RuleTrace[] | null> {
    const known = readExplanation(stored, await this.configs.atLeast(programmeId, 0));
    return known ?? readExplanation(stored, await this.configs.current(programmeId));
  }

  private async withLater(
    programmeId: ProgrammeId,
    campaign: string,
    at: Instant,
    traces: readonly RuleTrace[],
  ): Promise<readonly ExplainedRule[]> {
    const config = await this.configs.current(programmeId);
    return explained(traces, config, at, triggerName({ type: 'registration', campaign }));
  }
}

function shownAt(row: Row): Instant {
  return (row['registered_at'] as Date).getTime();
}

function shownOf(row: Row) {
  return {
    id: uuidToId('reg', row['registration_id'] as string),
    campaignId: row['campaign_id'] as string,
    campaignVersion: Number(row['campaign_version']),
    memberId: uuidToId('mbr', row['member_id'] as string),
    registeredAt: formatInstant(shownAt(row)),
    businessDate: row['business_date'] as string,
    pointsGranted: Number(row['points_granted']),
    actor: row['actor'] as string,
  };
}

function cancellationOf(row: Row) {
  const at = row['cancelled_at'] as Date | null;
  if (at === null) return null;
  return {
    cancelledAt: formatInstant(at.getTime()),
    cause: row['cause'] as 'request' | 'merge',
    reason: row['reason'] as string | null,
    pointsTaken: Number(row['points_taken']),
    pointsGone: Number(row['gone']),
    debt: Number(row['debt']),
    forgiven: Number(row['forgiven']),
    takenFrom: row['taken_from'] as readonly object[],
    actor: row['cancelled_by'] as string,
  };
}
