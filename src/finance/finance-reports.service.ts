import { Inject, Injectable } from '@nestjs/common';
import type { ProgrammeId } from '../kernel/ids.js';
import { formatSubLedger, type SubLedgerAmount } from '../kernel/money.js';
import type { Clock } from '../kernel/time.js';
import { SettleDue } from '../platform/jobs/settle-due.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { accountingPolicyFor } from './accounting-policy.kind.js';
import { endOf, formatAsOf, parseAsOf, type AsOf } from './as-of.js';
import type { Language } from './domain/chart-of-accounts.js';
import { rollForward, type PointsAndMoney } from './domain/roll-forward.js';
import { exportJournal, type JournalExport } from './journal-export.js';
import { JournalQuery } from './journal.query.js';
import { LiabilityQuery } from './liability.query.js';
import type { LotListing } from './lot-listing.query.js';
import { firstDay, journalRange, lastDay, rollForwardMonths } from './report-range.js';
import { RollForwardQuery } from './roll-forward.query.js';
import { TieOutQuery } from './tie-out.query.js';

/** Puts the figures of the queries into the reports that finance reads. A programme has one entity and currency. */
@Injectable()
export class FinanceReports {
  constructor(
    private readonly liabilities: LiabilityQuery,
    private readonly tieOuts: TieOutQuery,
    private readonly rollForwards: RollForwardQuery,
    private readonly journals: JournalQuery,
    private readonly configs: ConfigCache,
    private readonly settleDue: SettleDue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async liability(programmeId: ProgrammeId, asOfText: string | undefined) {
    const config = await this.broughtUpToDate(programmeId);
    const asOf = this.asOf(asOfText);
    const { points, gross } = await this.liabilities.at(programmeId, asOf);
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
    return { asOf: formatAsOf(asOf), lines: [line] };
  }

  async tieOut(programmeId: ProgrammeId, asOfText: string | undefined) {
    const config = await this.broughtUpToDate(programmeId);
    const asOf = this.asOf(asOfText);
    const { lots, differingLots, subLedger, control } = await this.tieOuts.at(
      programmeId,
      asOf,
      config.timeZone,
    );
    const money = moneyFormat(config);
    const ties = subLedger === control && differingLots === 0;
    const line = {
      entity: entityAt(config, asOf),
      currency: config.currency,
      lots,
      differingLots,
      subLedger: money(subLedger),
      control: money(control),
      difference: money(subLedger - control),
      ties,
    };
    return { asOf: formatAsOf(asOf), ties, lines: [line] };
  }

  async rollForward(programmeId: ProgrammeId, from: string, to: string) {
    const periods = rollForwardMonths(from, to);
    const config = await this.broughtUpToDate(programmeId);
    const { opening, totals } = await this.rollForwards.totals(programmeId, firstDay(from), lastDay(to));
    const money = moneyFormat(config);
    const view = ({ points, gross }: PointsAndMoney) => ({ points: Number(points), gross: money(gross) });
    const months = rollForward(opening, totals, periods).map(({ period, rows }) => ({
      period,
      rows: Object.entries(rows).map(([row, amounts]) => ({ row, ...view(amounts) })),
    }));
    const entity = entityAt(config, { kind: 'day', day: lastDay(to) });
    return { from, to, entity, currency: config.currency, months };
  }

  async journal(
    programmeId: ProgrammeId,
    from: string,
    to: string,
    language: Language,
  ): Promise<JournalExport> {
    const range = journalRange(from, to);
    const config = await this.broughtUpToDate(programmeId);
    return exportJournal(
      config,
      range,
      await this.journals.sources(programmeId, range.from, range.to),
      language,
    );
  }

  /** What the lot listing is of, with its currency. */
  async listing(
    programmeId: ProgrammeId,
    asOfText: string | undefined,
  ): Promise<LotListing & { readonly currency: string }> {
    const { timeZone, currency } = await this.broughtUpToDate(programmeId);
    return { programmeId, asOf: this.asOf(asOfText), timeZone, currency };
  }

  /** What expired or lapsed by now is in the books before they are read. */
  private async broughtUpToDate(programmeId: ProgrammeId): Promise<ConfigSnapshot> {
    await this.settleDue.all();
    return this.configs.current(programmeId);
  }

  private asOf(text: string | undefined): AsOf {
    const asOf = text === undefined ? null : parseAsOf(text);
    return asOf ?? { kind: 'instant', at: this.clock.now() };
  }
}

function entityAt(config: ConfigSnapshot, asOf: AsOf): string | null {
  return accountingPolicyFor(config, endOf(asOf, config.timeZone) - 1)?.body.entity ?? null;
}

function moneyFormat({ currency }: ConfigSnapshot): (amount: SubLedgerAmount) => string {
  return (amount) => formatSubLedger(amount, currency);
}
