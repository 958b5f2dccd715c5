import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  explained,
  explanationSentences,
  readExplanation,
  type ExplainedRule,
  type ExplanationSentences,
  type RuleTrace,
} from '../earning/index.js';
import { idToUuid, type AccountId, type LotId, type ProgrammeId, type PurchaseId } from '../kernel/ids.js';
import { lotsNow } from '../ledger/index.js';
import { parseInstant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { Outcome } from '../platform/pipeline/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { DATA_SOURCE } from '../platform/tokens.js';

type FirstAnswer = Record<string, unknown> & {
  readonly id: PurchaseId;
  readonly accountId: AccountId;
  readonly occurredAt: string;
  readonly grants: readonly { readonly lotId: LotId }[];
};

/** Recorded receipts as they were answered, with the trace of the rules that evaluated them. */
@Injectable()
export class PurchaseQuery {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly configs: ConfigCache,
  ) {}

  async find(
    programmeId: ProgrammeId,
    purchaseId: PurchaseId,
  ): Promise<{
    readonly answer: FirstAnswer;
    readonly facts: Row;
    readonly explanation: readonly ExplainedRule[] | null;
  } | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT p.lines, p.tenders, p.channel, p.currency, p.attributes, p.actor, p.explanation, c.answer,
         t.terminal_id AS "terminalId", t.terminal_sequence AS "terminalSequence"
       FROM purchases p
       LEFT JOIN terminal_receipts t ON t.account_id = p.account_id AND t.purchase_id = p.purchase_id
       JOIN claims c ON c.programme_id = $2 AND c.scope = 'receipt'
         AND c.key = p.source || E'\\n' || p.receipt_no AND c.account_id = p.account_id
       WHERE p.purchase_id = $1`,
      [idToUuid(purchaseId), idToUuid(programmeId)],
    );
    if (!row) return null;
    const { answer, explanation: stored, terminalSequence, ...rest } = row;
    const facts = { ...rest, terminalSequence: terminalSequence === null ? null : Number(terminalSequence) };
    const traces = await this.traces(programmeId, stored);
    // A receipt of an exchange was answered together with the return.
    const said = JSON.parse(answer as string) as FirstAnswer | { readonly purchase: FirstAnswer };
    const first = 'purchase' in said ? (said.purchase as FirstAnswer) : said;
    return {
      answer: first,
      facts,
      explanation: traces && (await this.withLater(programmeId, first, traces)),
    };
  }

  /** A version that this process does not know yet is in the configuration as it is now. */
  private async traces(programmeId: ProgrammeId, stored: unknown): Promise<readonly RuleTrace[] | null> {
    const known = readExplanation(stored, await this.configs.atLeast(programmeId, 0));
    return known ?? readExplanation(stored, await this.configs.current(programmeId));
  }

  private async withLater(
    programmeId: ProgrammeId,
    { occurredAt }: FirstAnswer,
    traces: readonly RuleTrace[],
  ): Promise<readonly ExplainedRule[]> {
    return explained(traces, await this.configs.current(programmeId), parseInstant(occurredAt) as number);
  }

  /** Puts the trace into an answer: from the decision just made, or from the record of the first one. */
  async explained(programmeId: ProgrammeId, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'answered') return outcome;
    const body = JSON.parse(outcome.body) as FirstAnswer;
    const traces = outcome.explanation as readonly RuleTrace[] | undefined;
    const explanation = traces
      ? await this.withLater(programmeId, body, traces)
      : ((await this.find(programmeId, body.id))?.explanation ?? null);
    const sentences = explanation && (await this.sentences(programmeId, body, explanation, false));
    return {
      ...outcome,
      body: JSON.stringify({ ...body, explanation, ...(sentences ? { sentences } : {}) }),
    };
  }

  /**
   * An explanation in words.
   * @param since whether it says what became of the points since then
   */
  async sentences(
    programmeId: ProgrammeId,
    { accountId, occurredAt, grants }: FirstAnswer,
    explanation: readonly ExplainedRule[],
    since: boolean,
  ): Promise<ExplanationSentences> {
    const config = await this.configs.current(programmeId);
    const lots = grants.map(({ lotId }) => lotId);
    const now = since && lots.length > 0 ? await lotsNow(this.dataSource, accountId, lots) : null;
    return explanationSentences(explanation, config, parseInstant(occurredAt) as number, now);
  }
}
