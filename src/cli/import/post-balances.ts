import { startOfDay } from '../../kernel/time.js';
import type { BalanceOptions } from './balance-options.js';
import type { MemberEnroller } from './enrol-members.js';
import { ApiError, problemText, type LaurelApi } from './laurel-api.js';
import type { BalanceLot } from './map-balance.js';
import type { RejectsFile } from './rejects-file.js';
import { untilDone, type Patience } from './retry.js';
import type { SourceRow } from './row.js';

/** Lots in one request; the API takes no more. */
export const MAX_BALANCE_LOTS = 500;

/** A lot with the row that it came from. */
export interface PlacedLot {
  readonly row: SourceRow;
  readonly lot: BalanceLot;
}

/** What the answers came to. */
export interface BalanceTotals {
  taken: number;
  replayed: number;
  refused: number;
}

interface LotResult {
  readonly externalId: string;
  readonly status: number;
  readonly replayed: boolean;
  readonly problem: { readonly code?: string } | null;
}

/** Sends lots to the server, enrols members who are missing where that was asked for, and notes what was refused. */
export class BalancePoster {
  readonly totals: BalanceTotals = { taken: 0, replayed: 0, refused: 0 };

  constructor(
    private readonly api: LaurelApi,
    private readonly source: string,
    private readonly options: Pick<BalanceOptions, 'dryRun'>,
    private readonly enroller: MemberEnroller | null,
    private readonly rejects: RejectsFile,
    private readonly patience: Patience,
  ) {}

  /** @throws ImportError when the server stays away or refuses the whole request */
  async post(lots: readonly PlacedLot[]): Promise<void> {
    const strangers: PlacedLot[] = [];
    await this.send(lots, async (placed, result) => {
      const isStranger = result.problem?.code === 'MEMBER_NOT_FOUND';
      if (!this.enroller || !isStranger) await this.note(placed, result);
      // Nobody is enrolled in a dry run; but for its member the lot would come in.
      else if (this.options.dryRun) this.totals.taken += 1;
      else strangers.push(placed);
    });
    if (!this.enroller || strangers.length === 0) return;
    const faults = await this.enroller.enrolAll(
      strangers.map(({ lot }) => ({
        member: lot.member.externalId,
        occurredAt: startOfDay(lot.earnedOn, 'UTC'),
      })),
    );
    const known = strangers.filter(({ lot }) => !faults.has(lot.member.externalId));
    for (const { row, lot } of strangers) {
      const fault = faults.get(lot.member.externalId);
      if (!fault) continue;
      this.totals.refused += 1;
      await this.rejects.add([{ ...row, ...fault }]);
    }
    if (known.length > 0) await this.send(known, (placed, result) => this.note(placed, result));
  }

  private async send(
    lots: readonly PlacedLot[],
    report: (placed: PlacedLot, result: LotResult) => Promise<void>,
  ): Promise<void> {
    const control = {
      lots: lots.length,
      points: lots.reduce((sum, { lot }) => sum + lot.points, 0),
      carriedMinor: lots.reduce((sum, { lot }) => sum + lot.carriedMinor, 0),
    };
    const body = { source: this.source, control, lots: lots.map(({ lot }) => lot) };
    const path = `/v1/opening-balances${this.options.dryRun ? '?dryRun=true' : ''}`;
    let results: readonly LotResult[] = [];
    const attempt = async (): Promise<'done' | 'again'> => {
      const answer = await this.api.json('POST', path, body);
      if (answer.status !== 200)
        throw new ApiError(`the server refused: ${answer.status} ${problemText(answer.body)}`, false, null);
      results = (answer.body as { readonly results: readonly LotResult[] }).results;
      return results.some(({ status }) => status >= 500) ? 'again' : 'done';
    };
    await untilDone(attempt, () => false, this.patience, new AbortController().signal);
    for (const [index, result] of results.entries()) await report(lots[index] as PlacedLot, result);
  }

  private async note({ row }: PlacedLot, { status, replayed, problem }: LotResult): Promise<void> {
    if (problem === null) {
      if (replayed) this.totals.replayed += 1;
      else this.totals.taken += 1;
      return;
    }
    this.totals.refused += 1;
    await this.rejects.add([
      { ...row, code: problem.code ?? `HTTP_${status}`, reason: problemText(problem) },
    ]);
  }
}
