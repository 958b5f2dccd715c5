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

/**
 * Posts the baskets in their order, chunk by chunk. A member who is not known yet is enrolled for the receipts that
 * lack nothing else, so that no member is enrolled for a receipt that is refused.
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
  const { patience } = settings;
  const enroller = options.enrol ? new MemberEnroller(api, patience, stop) : null;
  const path = `/v1/purchases:batch${options.dryRun ? '?dryRun=true' : ''}`;
  const total = Math.min(baskets.count, options.limit ?? Infinity);
  const report = reporter(run, rejects);
  progress.begin({ name: '3/3 posting', total, unit: 'baskets' });
  try {
    for await (const chunk of takeChunks(baskets.sorted(), settings, options.limit ?? Infinity)) {
      if (stop.aborted) return 'stopped';
      const strangers: Basket[] = [];
      await postChunk(
        api,
        path,
        chunk,
        async (basket, outcome) => {
          const isStranger = outcome.kind === 'refused' && outcome.code === 'MEMBER_NOT_FOUND';
          if (!enroller || !isStranger) await report(basket, outcome);
          // A dry run enrols no member; but for its member the receipt would go in.
          else if (options.dryRun) await report(basket, { kind: 'posted', replayed: false, points: 0 });
          else strangers.push(basket);
        },
        { patience, stop },
      );
      if (!enroller || strangers.length === 0) continue;
      const faults = await enroller.enrolAll(strangers);
      const allowed = strangers.filter(({ member }) => !faults.has(member));
      for (const basket of strangers) {
        const fault = faults.get(basket.member);
        if (fault) await report(basket, { kind: 'refused', ...fault });
      }
      if (allowed.length > 0) await postChunk(api, path, allowed, report, { patience, stop });
    }
    return 'done';
  } finally {
    totals.enrolled = enroller?.enrolled ?? 0;
    progress.end();
  }
}

type Report = (basket: Basket, outcome: Outcome) => Promise<void>;

function reporter(run: ImportRun, rejects: RejectsFile): Report {
  return async (basket, outcome) => {
    count(run, basket, outcome);
    if (outcome.kind === 'refused')
      await rejects.add(basket.rows.map((row) => ({ ...row, ...faultOf(outcome) })));
    run.progress.at(run.totals.posted + run.totals.replayed + run.totals.refused);
  };
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
