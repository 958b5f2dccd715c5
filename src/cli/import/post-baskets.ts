import { takeChunks } from './chunks.js';
import type { Basket } from './basket.js';
import { MemberEnroller } from './enrol-members.js';
import type { LaurelApi } from './laurel-api.js';
import { postChunk, type Outcome } from './post-chunk.js';
import type { ImportRun, PreparedBaskets } from './prepare-baskets.js';
import type { Patience } from './retry.js';
import type { RejectsFile } from './rejects-file.js';
import type { Fault } from './row.js';

export interface PostingSettings {
  readonly patience: Patience;
  /** Baskets in one request: enough to keep the server busy, few enough to stop soon and to send again cheaply. */
  readonly chunkBaskets: number;
  readonly chunkCharacters: number;
}

/** A chunk whose members have been seen to. */
interface ReadyChunk {
  readonly baskets: readonly Basket[];
  /** Members the server will not take. */
  readonly faults: ReadonlyMap<string, Fault>;
}

/**
 * Posts the baskets in their order, chunk by chunk; the members of the next chunk are enrolled meanwhile.
 * @returns whether it was stopped before the end
 * @throws ImportError when the server stays away or refuses the key
 */
export async function postBaskets(
  run: ImportRun,
  { baskets, rejects }: PreparedBaskets,
  api: LaurelApi,
  settings: PostingSettings,
): Promise<'done' | 'stopped'> {
  const { options, stop, progress, totals } = run;
  const enroller = options.enrol && !options.dryRun ? new MemberEnroller(api, settings.patience, stop) : null;
  const path = `/v1/purchases:batch${options.dryRun ? '?dryRun=true' : ''}`;
  const chunks = takeChunks(baskets.sorted(), settings, options.limit ?? Infinity);
  const ready = async (): Promise<ReadyChunk | null> => {
    const next = await chunks.next();
    if (next.done) return null;
    return { baskets: next.value, faults: (await enroller?.enrolAll(next.value)) ?? new Map() };
  };
  progress.begin({
    name: '3/3 posting',
    total: Math.min(baskets.count, options.limit ?? Infinity),
    unit: 'baskets',
  });
  let upcoming = ready();
  try {
    for (let chunk = await upcoming; chunk !== null; chunk = await upcoming) {
      if (stop.aborted) return 'stopped';
      upcoming = ready();
      // Awaited in a moment; until then its failure is not nobody's.
      upcoming.catch(() => undefined);
      await postReady(run, chunk, rejects, (allowed, report) =>
        postChunk(api, path, allowed, report, { patience: settings.patience, stop }),
      );
    }
    return 'done';
  } finally {
    await upcoming.catch(() => undefined);
    await chunks.return(undefined);
    totals.enrolled = enroller?.enrolled ?? 0;
    progress.end();
  }
}

type Report = (basket: Basket, outcome: Outcome) => Promise<void>;

async function postReady(
  run: ImportRun,
  { baskets, faults }: ReadyChunk,
  rejects: RejectsFile,
  post: (baskets: readonly Basket[], report: Report) => Promise<void>,
): Promise<void> {
  const report: Report = async (basket, outcome) => {
    count(run, basket, outcome);
    if (outcome.kind === 'refused')
      await rejects.add(basket.rows.map((row) => ({ ...row, ...faultOf(outcome) })));
    run.progress.at(run.totals.posted + run.totals.replayed + run.totals.refused);
  };
  for (const basket of baskets) {
    const fault = faults.get(basket.member);
    if (fault) await report(basket, { kind: 'refused', ...fault });
  }
  const allowed = baskets.filter(({ member }) => !faults.has(member));
  if (allowed.length > 0) await post(allowed, report);
}

function count({ totals }: ImportRun, { amountMinor }: Basket, outcome: Outcome): void {
  if (outcome.kind === 'refused') {
    totals.refused += 1;
    return;
  }
  totals.amountMinor += BigInt(amountMinor);
  if (outcome.replayed) {
    totals.replayed += 1;
    totals.pointsReplayed += outcome.points;
  } else {
    totals.posted += 1;
    totals.pointsPosted += outcome.points;
  }
}

function faultOf({ code, reason }: Fault): Fault {
  return { code, reason };
}
