import { startOfDay } from '../../kernel/time.js';
import type { MemberEnroller } from './enrol-members.js';
import { ApiError, problemText, type ApiAnswer, type LaurelApi } from './laurel-api.js';
import type { PlacedLot } from './read-balances.js';
import type { RejectsFile } from './rejects-file.js';
import { untilDone, type Patience } from './retry.js';

/** Lots in one request; the API takes no more. */
export const MAX_BALANCE_LOTS = 500;

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
    /** The server writes nothing, and no member is enrolled. */
    private readonly dryRun: boolean,
    private readonly enroller: MemberEnroller | null,
    private readonly rejects: RejectsFile,
    private readonly patience: Patience,
  ) {}

  /**
   * @returns the lots that the server takes
   * @throws ImportError when the server stays away or refuses the whole request
   */
  async post(lots: readonly PlacedLot[]): Promise<readonly PlacedLot[]> {
    const taken: PlacedLot[] = [];
    const strangers: PlacedLot[] = [];
    const report = async (placed: PlacedLot, result: LotResult) => {
      if (await this.note(placed, result)) taken.push(placed);
    };
    await this.send(lots, async (placed, result) => {
      const isStranger = result.problem?.code === 'MEMBER_NOT_FOUND';
      if (!this.enroller || !isStranger) await report(placed, result);
      else strangers.push(placed);
    });
    if (this.dryRun) {
      // But for their member these would come in.
      this.totals.taken += strangers.length;
      taken.push(...strangers);
      return taken;
    }
    if (!this.enroller || strangers.length === 0) return taken;
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
    if (known.length > 0) await this.send(known, report);
    return taken;
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
    const path = `/v1/opening-balances${this.dryRun ? '?dryRun=true' : ''}`;
    let results: readonly LotResult[] = [];
    const attempt = async (): Promise<'done' | 'again'> => {
      const answer = await this.api.json('POST', path, body);
      if (answer.status !== 200) throw new ApiError(refusal(answer, lots), false, null);
      results = (answer.body as { readonly results: readonly LotResult[] }).results;
      return results.some(({ status }) => status >= 500) ? 'again' : 'done';
    };
    await untilDone(attempt, () => false, this.patience, new AbortController().signal);
    for (const [index, result] of results.entries()) await report(lots[index] as PlacedLot, result);
  }

  /** @returns whether the lot is in, or would be. */
  private async note({ row }: PlacedLot, { status, replayed, problem }: LotResult): Promise<boolean> {
    if (problem === null) {
      if (replayed) this.totals.replayed += 1;
      else this.totals.taken += 1;
      return true;
    }
    this.totals.refused += 1;
    await this.rejects.add([
      { ...row, code: problem.code ?? `HTTP_${status}`, reason: problemText(problem) },
    ]);
    return false;
  }
}

/** Why the server refused a whole request, with the rows of the file that it means. */
function refusal({ status, body }: ApiAnswer, lots: readonly PlacedLot[]): string {
  const { errors = [] } = (body ?? {}) as { errors?: readonly { pointer: string; detail: string }[] };
  const rows = errors.flatMap(({ pointer, detail }) => {
    const placed = lots[Number(/^\/lots\/(\d+)\//.exec(pointer)?.[1] ?? Number.NaN)];
    return placed ? [`row ${placed.row.row}: ${detail}`] : [];
  });
  return [`the server refused: ${status} ${problemText(body)}`, ...rows].join('\n  ');
}
