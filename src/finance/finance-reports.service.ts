import { Inject, Injectable } from '@nestjs/common';
import type { ProgrammeId } from '../kernel/ids.js';
import { formatSubLedger, type SubLedgerAmount } from '../kernel/money.js';
import { formatInstant, type Clock } from '../kernel/time.js';
import { instantOf } from '../platform/http/pagination.js';
import { ApplyDue, UndecidedAccountsError } from '../ledger/index.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { accountingPolicyFor } from './accounting-policy.kind.js';
import { endOf, formatAsOf, parseAsOf, type AsOf, type Moment } from './as-of.js';
import type { Language } from './domain/chart-of-accounts.js';
import { rollForward, type PointsAndMoney } from './domain/roll-forward.js';
import { exportJournal, type JournalExport } from './journal-export.js';
import { JournalQuery } from './journal.query.js';
import { LiabilityQuery } from './liability.query.js';
import type { LotListing } from './lot-listing.query.js';
import { accountsUndecided } from './problems.js';
import { firstDay, journalRange, lastDay, rollForwardMonths } from './report-range.js';
import { RollForwardQuery } from './roll-forward.query.js';
import { TieOutQuery } from './tie-out.query.js';

/** What a report is asked to look at, as the caller wrote it; absent: now, and what is known now. */
export interface MomentText {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
}

/** Which days of the journal are asked for, or months taken whole, and as known when; absent: now. */
export interface JournalText {
  readonly from: string;
  readonly to: string;
  readonly knownAt?: string | undefined;
}

/** Puts the figures of the queries into the reports that finance reads. A programme has one entity and currency. */
@Injectable()
export class FinanceReports {
  constructor(
    private readonly liabilities: LiabilityQuery,
    private readonly tieOuts: TieOutQuery,
    private readonly rollForwards: RollForwardQuery,
    private readonly journals: JournalQuery,
    private readonly configs: ConfigCache,
    private readonly applyDue: ApplyDue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async liability(programmeId: ProgrammeId, text: MomentText) {
    const config = await this.broughtUpToDate(programmeId);
    const moment = this.moment(text);
    const { asOf } = moment;
    const { points, gross } = await this.liabilities.at(programmeId, moment);
    const money = moneyFormat(config);
    // Breakage is estimated for cohorts at the close, never in a lot; until there is a close none is expected.
    const expectedBreakage = 0n;
    const line = {
      entity: entityAt(config, asOf),
      currency: config.currency,
      points: Number(points),
      gross: money(gross),
      expectedBreakage: money(expectedBreakage),
      net: money(gross - expectedBreakage),
    };
    return { ...momentView(moment), lines: [line] };
  }

  async tieOut(programmeId: ProgrammeId, text: MomentText) {
    const config = await this.broughtUpToDate(programmeId);
    const moment = this.moment(text);
    const { lots, differingLots, negativeFigures, subLedger, control } = await this.tieOuts.at(
      programmeId,
      moment,
    );
    const money = moneyFormat(config);
    const ties = subLedger === control && differingLots === 0 && negativeFigures === 0;
    const line = {
      entity: entityAt(config, moment.asOf),
      currency: config.currency,
      lots,
      differingLots,
      negativeFigures,
      subLedger: money(subLedger),
      control: money(control),
      difference: money(subLedger - control),
      ties,
    };
    return { ...momentView(moment), ties, lines: [line] };
  }

  async rollForward(programmeId: ProgrammeId, from: string, to: string, knownAtText?: string) {
    const periods = rollForwardMonths(from, to);
    const config = await this.broughtUpToDate(programmeId);
    const knownAt = instantOf(knownAtText);
    const { opening, totals } = await this.rollForwards.totals(
      programmeId,
      firstDay(from),
      lastDay(to),
      knownAt,
    );
    const money = moneyFormat(config);
    const view = ({ points, gross }: PointsAndMoney) => ({ points: Number(points), gross: money(gross) });
    const months = rollForward(opening, totals, periods).map(({ period, rows }) => ({
      period,
      rows: Object.entries(rows).map(([row, amounts]) => ({ row, ...view(amounts) })),
    }));
    const entity = entityAt(config, { kind: 'day', day: lastDay(to) });
    const known = knownAt === null ? null : formatInstant(knownAt);
    return { from, to, knownAt: known, entity, currency: config.currency, months };
  }

  async journal(
    programmeId: ProgrammeId,
    { from, to, knownAt: knownAtText }: JournalText,
    language: Language,
  ): Promise<JournalExport> {
    const range = journalRange(from, to);
    const config = await this.broughtUpToDate(programmeId);
    const knownAt = instantOf(knownAtText);
    const sources = await this.journals.sources(programmeId, range, knownAt);
    return exportJournal(config, { ...range, knownAt, now: this.clock.now() }, sources, language);
  }

  /** What the lot listing is of, with its currency. */
  async listing(
    programmeId: ProgrammeId,
    text: MomentText,
  ): Promise<LotListing & { readonly currency: string }> {
    const { timeZone, currency } = await this.broughtUpToDate(programmeId);
    return { programmeId, ...this.moment(text), timeZone, currency };
  }

  /**
   * What expired or lapsed by now in the programme is in its books before they are read.
   * @throws ProblemException ACCOUNTS_UNDECIDED where that cannot be
   */
  private async broughtUpToDate(programmeId: ProgrammeId): Promise<ConfigSnapshot> {
    await this.applyDue.ofProgramme(programmeId).catch((error: unknown) => {
      throw error instanceof UndecidedAccountsError ? new ProblemException(accountsUndecided(error)) : error;
    });
    return this.configs.current(programmeId);
  }

  private moment({ asOf, knownAt }: MomentText): Moment {
    const parsed = asOf === undefined ? null : parseAsOf(asOf);
    return { asOf: parsed ?? { kind: 'instant', at: this.clock.now() }, knownAt: instantOf(knownAt) };
  }
}

/** The moment as reports show it. */
export function momentView({ asOf, knownAt }: Moment) {
  return { asOf: formatAsOf(asOf), knownAt: knownAt === null ? null : formatInstant(knownAt) };
}

function entityAt(config: ConfigSnapshot, asOf: AsOf): string | null {
  return accountingPolicyFor(config, endOf(asOf, config.timeZone) - 1)?.body.entity ?? null;
}

function moneyFormat({ currency }: ConfigSnapshot): (amount: SubLedgerAmount) => string {
  return (amount) => formatSubLedger(amount, currency);
}
