import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { readExplanation } from '../earning/index.js';
import type { RuleTrace } from '../kernel/domain-events.js';
import { idToUuid, type ProgrammeId, type PurchaseId } from '../kernel/ids.js';
import type { Outcome } from '../platform/pipeline/command.js';
import type { Row } from '../platform/pipeline/slice.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { DATA_SOURCE } from '../platform/tokens.js';

type FirstAnswer = Record<string, unknown> & { readonly id: PurchaseId };

/** Recorded receipts as they were answered, with the trace of the rules that judged them. */
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
    readonly explanation: unknown;
  } | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT p.lines, p.tenders, p.channel, p.currency, p.attributes, p.actor, p.explanation, c.answer
       FROM purchases p
       JOIN claims c ON c.programme_id = $2 AND c.scope = 'receipt'
         AND c.key = p.source || E'\\n' || p.receipt_no AND c.account_id = p.account_id
       WHERE p.purchase_id = $1`,
      [idToUuid(purchaseId), idToUuid(programmeId)],
    );
    if (!row) return null;
    const { answer, explanation: stored, ...facts } = row;
    const explanation = await this.traces(programmeId, stored);
    // A receipt of an exchange was answered together with the return.
    const first = JSON.parse(answer as string) as FirstAnswer | { readonly purchase: FirstAnswer };
    return { answer: 'purchase' in first ? (first.purchase as FirstAnswer) : first, facts, explanation };
  }

  /** A version that this process does not know yet is in the configuration as it is now. */
  private async traces(programmeId: ProgrammeId, stored: unknown): Promise<readonly RuleTrace[] | null> {
    const known = readExplanation(stored, await this.configs.atLeast(programmeId, 0));
    return known ?? readExplanation(stored, await this.configs.current(programmeId));
  }

  /** Puts the trace into an answer: from the decision just made, or from the record of the first one. */
  async explained(programmeId: ProgrammeId, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'answered') return outcome;
    const body = JSON.parse(outcome.body) as { id: PurchaseId; explanation: unknown };
    body.explanation = outcome.explanation ?? (await this.find(programmeId, body.id))?.explanation ?? null;
    return { ...outcome, body: JSON.stringify(body) };
  }
}
