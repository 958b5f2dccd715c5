import { Inject, Injectable } from '@nestjs/common';
import { FinanceReports } from '../finance/index.js';
import type { IdSource } from '../kernel/ids.js';
import type { LocalDate } from '../kernel/time.js';
import type { Caller } from '../platform/http/caller.js';
import { contextOf } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { problemBody, problemOf, type ProblemPlace } from '../platform/http/problem.filter.js';
import { Pipeline, type Outcome } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { bringIn } from './bring-in.handler.js';
import {
  differenceOf,
  isNothing,
  totalsOf,
  type ControlTotals,
  type OpeningLot,
} from './domain/opening-lot.js';
import { openingDay } from './opening-day.js';
import type { OpeningBalancesDto, OpeningLotDto, ProofQueryDto } from './opening.dto.js';
import { OpeningsQuery } from './openings.query.js';
import { openingProblems } from './problems.js';

/** Brings opening balances in, and proves what came in. */
@Injectable()
export class Openings {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly query: OpeningsQuery,
    private readonly reports: FinanceReports,
    private readonly configs: ConfigCache,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** What became of each lot. @throws ProblemException before anything is written, where the totals differ */
  async bringIn(dto: OpeningBalancesDto, caller: Caller, dryRun: boolean, place: ProblemPlace) {
    const difference = differenceOf(totalsOf(dto.lots), dto.control);
    if (!isNothing(difference)) {
      const detail = 'The lots do not add up to the control totals; nothing was brought in.';
      const meta = { stated: dto.control, found: totalsOf(dto.lots), difference };
      throw new ProblemException(openingProblems.problem('CONTROL_TOTALS_DIFFER', detail, { meta }));
    }
    const day = await this.day(caller);
    const booksBegun = day !== null && (await this.query.booksBegun(caller.programmeId, day));
    const answers: Promise<LotAnswer>[] = [];
    for (const lot of dto.lots) {
      await this.pipeline.whenRoom();
      answers.push(this.one(dto.source, lot, { caller, dryRun, booksBegun, place }));
    }
    const results = await Promise.all(answers);
    const taken = dto.lots.filter((_, index) => results[index]?.problem === null);
    return { source: dto.source, openingDay: day, taken: totalsOf(taken), results };
  }

  /** What an old system says it had, what came in of it, and whether the books tie to the lots. */
  async proof({ source, lots, points, carriedMinor }: ProofQueryDto, caller: Caller) {
    const stated: ControlTotals = { lots, points, carriedMinor };
    const broughtIn = await this.query.broughtIn(caller.programmeId, source);
    const difference = differenceOf(broughtIn, stated);
    const { ties } = await this.reports.tieOut(caller.programmeId, {});
    const openingDay = await this.day(caller);
    return { source, openingDay, stated, broughtIn, difference, agrees: isNothing(difference), ties };
  }

  private async day({ programmeId }: Caller): Promise<LocalDate | null> {
    return openingDay(await this.configs.current(programmeId));
  }

  private async one(source: string, dto: OpeningLotDto, asked: Asked): Promise<LotAnswer> {
    const { externalId, origin, points, carriedMinor, earnedOn, expiresOn = null } = dto;
    const { caller, dryRun, booksBegun, place } = asked;
    try {
      const body: OpeningLot = { source, externalId, origin, points, carriedMinor, earnedOn, expiresOn };
      const natural = { scope: 'opening', key: `${source}\n${externalId}` } as const;
      const target = targetOf(dto.member, caller, '/member');
      const context = contextOf(caller, this.ids, { dryRun, bulk: true });
      const said = commandOf({ type: bringIn.type, target, body, natural }, context);
      // How far the books have come is no part of what was said: what is in is answered again, however late.
      return answerOf(
        externalId,
        await this.pipeline.submit({ ...said, body: { ...body, booksBegun } }),
        place,
      );
    } catch (error) {
      return answerOf(externalId, { kind: 'refused', problem: problemOf(error) }, place);
    }
  }
}

interface Asked {
  readonly caller: Caller;
  readonly dryRun: boolean;
  readonly booksBegun: boolean;
  readonly place: ProblemPlace;
}

function answerOf(externalId: string, outcome: Outcome, place: ProblemPlace) {
  if (outcome.kind === 'refused') {
    const problem = problemBody(outcome.problem, place);
    return { externalId, status: outcome.problem.status, replayed: false, lotId: null, problem };
  }
  const { id: lotId } = JSON.parse(outcome.body) as { readonly id: string };
  return { externalId, status: outcome.status, replayed: outcome.replayed, lotId, problem: null };
}

type LotAnswer = ReturnType<typeof answerOf>;
