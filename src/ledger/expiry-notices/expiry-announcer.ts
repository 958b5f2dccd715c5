import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { IdSource, ProgrammeId } from '../../kernel/ids.js';
import { addToDate, localDate, startOfDay, type Clock, type Instant } from '../../kernel/time.js';
import { engineCommand } from '../../platform/jobs/engine-command.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { Pipeline } from '../../platform/pipeline/index.js';
import { CLOCK, DATA_SOURCE, IDS } from '../../platform/tokens.js';
import { ConfigCache } from '../../platform/versioned-config/config-cache.js';
import { programmeZones } from '../../platform/versioned-config/programme-zones.query.js';
import { ApplyDue } from '../due/apply-due.js';
import { UndecidedAccountsError } from '../due/undecided-accounts.js';
import { ANNOUNCE_DAYS, type AnnounceDays } from './announce-days.js';
import { endingAccounts, type EndingAccount, type Horizon } from './ending-accounts.query.js';

/** Accounts taken at a time. */
const ANNOUNCE_PAGE = 500;

/**
 * The last step of the night: finds the accounts with points that end soon and has each announce them. What was
 * announced is written on the account, so a walk that was cut off, or is done again, announces nothing twice.
 */
@Injectable()
export class ExpiryAnnouncer {
  /** Midnights whose walk this process finished. */
  private readonly finished = new Map<ProgrammeId, Instant>();

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(ANNOUNCE_DAYS) private readonly announceDays: AnnounceDays,
    private readonly configs: ConfigCache,
    private readonly pipeline: Pipeline,
    private readonly applyDue: ApplyDue,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Announces for every programme where a day began since this process last did. First everything that fell due is applied:
   * points that became available at midnight may end soon.
   * @param signal ends it after the page under way.
   * @returns how many expiries were announced.
   */
  async announceDue(signal?: AbortSignal, pageSize = ANNOUNCE_PAGE): Promise<number> {
    const now = this.clock.now();
    const midnights = new Map<ProgrammeId, Instant>();
    const horizons: Horizon[] = [];
    for (const { programmeId, timeZone } of await programmeZones(this.dataSource)) {
      const today = localDate(now, timeZone);
      const midnight = startOfDay(today, timeZone);
      if ((this.finished.get(programmeId) ?? -Infinity) >= midnight) continue;
      midnights.set(programmeId, midnight);
      const config = await this.configs.current(programmeId);
      const days = this.announceDays(config, midnight);
      if (days > 0) horizons.push({ programmeId, until: startOfDay(addToDate(today, { days }), timeZone) });
    }
    if (horizons.length > 0) await this.applyDue.all(signal).catch(passOverUndecided);
    const { announced, complete } = await this.walk(horizons, now, signal, pageSize);
    if (complete) for (const [programmeId, midnight] of midnights) this.finished.set(programmeId, midnight);
    return announced;
  }

  private async walk(
    horizons: readonly Horizon[],
    now: Instant,
    signal: AbortSignal | undefined,
    pageSize: number,
  ): Promise<{ readonly announced: number; readonly complete: boolean }> {
    let announced = 0;
    let complete = true;
    if (horizons.length === 0) return { announced, complete };
    for await (const page of endingAccounts(this.dataSource, horizons, now, pageSize)) {
      const answers = await Promise.all(page.map((account) => this.announce(account)));
      const made = answers.reduce<number>((sum, answer) => sum + (answer ?? 0), 0);
      this.metrics.announced(made);
      announced += made;
      // An account that could not be asked is asked with the next walk.
      if (answers.includes(null)) complete = false;
      if (signal?.aborted) return { announced, complete: false };
    }
    return { announced, complete };
  }

  /** @returns how many expiries of an account were announced; null when it was not answered. */
  private async announce(account: EndingAccount): Promise<number | null> {
    await this.pipeline.whenRoom();
    const outcome = await this.pipeline.submit(engineCommand('account.announce', account, this.ids, {}));
    if (outcome.kind !== 'answered') return null;
    return (JSON.parse(outcome.body) as { announced: number }).announced;
  }
}

/** The job that applies what is due fails because of them and names them; others get their announcements. */
function passOverUndecided(error: unknown): void {
  if (!(error instanceof UndecidedAccountsError)) throw error;
}
