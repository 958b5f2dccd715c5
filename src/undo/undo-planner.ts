import { Inject, Injectable } from '@nestjs/common';
import { earningRuleKind, triggerOf } from '../earning/index.js';
import type { ProgrammeId } from '../kernel/ids.js';
import { formatSubLedger } from '../kernel/money.js';
import { formatInstant, parseInstant, type Clock } from '../kernel/time.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { UndoableReceiptsQuery, type ReceiptPosition } from '../purchases/index.js';
import type { UndoFigures, UndoOrder } from './domain/undo.js';
import { undoProblems } from './problems.js';
import type { UndoDto } from './undo.dto.js';

/** The most receipts that one undo concerns. */
const MAX_UNDO_RECEIPTS = 200_000;

/** Checks what is to be undone, and works out what that would take back. */
@Injectable()
export class UndoPlanner {
  constructor(
    private readonly configs: ConfigCache,
    private readonly receipts: UndoableReceiptsQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ProblemException for a version that was never published, a rule without receipts, or no span. */
  async orderOf(programmeId: ProgrammeId, ruleId: string, dto: UndoDto): Promise<UndoOrder> {
    const config = await this.configs.current(programmeId);
    const rule = { id: ruleId, version: dto.version };
    const published = config.version(earningRuleKind, rule.id, rule.version);
    if (!published) {
      const detail = `${rule.id} has no published version ${rule.version}.`;
      throw new ProblemException(undoProblems.problem('RULE_VERSION_NOT_FOUND', detail));
    }
    if (triggerOf(published.body).type !== 'receipt') {
      const detail = 'What was given for activities is taken back by cancelling them.';
      throw new ProblemException(undoProblems.problem('UNDO_NOT_FOR_TRIGGER', detail));
    }
    const now = this.clock.now();
    const from = dto.from === undefined ? published.effectiveAt : (parseInstant(dto.from) as number);
    const until = dto.until === undefined ? now : (parseInstant(dto.until) as number);
    if (until > now) {
      const detail = 'Receipts to come cannot be undone. Pause the rule.';
      throw invalid([{ pointer: '/until', code: 'IN_FUTURE', detail }]);
    }
    if (until <= from) {
      const detail = `The end must be later than the beginning, ${formatInstant(from)}.`;
      throw invalid([{ pointer: '/until', code: 'NOT_AFTER_FROM', detail }]);
    }
    return { rule, from, until, reason: dto.reason };
  }

  /**
   * What an undo would take back now.
   * @throws ProblemException UNDO_TOO_LARGE beyond the limit; NOTHING_TO_UNDO.
   */
  async figures(programmeId: ProgrammeId, order: UndoOrder): Promise<UndoFigures> {
    const { currency } = await this.configs.atLeast(programmeId, 0);
    const members = new Set<string>();
    const sums = { receipts: 0, points: 0, there: 0, gone: 0, used: 0 };
    let liability = 0n;
    let after: ReceiptPosition | null = null;
    do {
      const page = await this.receipts.page(programmeId, order, after);
      for (const receipt of page.receipts) {
        members.add(receipt.memberId);
        sums.receipts += 1;
        for (const field of ['points', 'there', 'gone', 'used'] as const) sums[field] += receipt[field];
        liability += receipt.liability;
      }
      if (sums.receipts > MAX_UNDO_RECEIPTS) {
        const detail = `An undo concerns at most ${MAX_UNDO_RECEIPTS} receipts; choose a shorter span.`;
        throw new ProblemException(undoProblems.problem('UNDO_TOO_LARGE', detail));
      }
      after = page.next;
    } while (after !== null);
    if (sums.receipts === 0) {
      const detail = 'The version gave nothing for receipts of the span that was not taken back.';
      throw new ProblemException(undoProblems.problem('NOTHING_TO_UNDO', detail));
    }
    return { ...sums, members: members.size, liability: formatSubLedger(liability, currency) };
  }
}
