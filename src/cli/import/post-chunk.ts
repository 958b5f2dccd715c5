import type { Basket } from './basket.js';
import { isPassing, type LaurelApi } from './laurel-api.js';
import { untilDone, type Patience } from './retry.js';

/** What became of one basket. */
export type Outcome =
  | { readonly kind: 'posted'; readonly replayed: boolean; readonly points: number }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/**
 * Posts baskets in their order and reports each outcome once. A connection that is lost or a server that is busy
 * makes what has no answer yet be sent again: a receipt that did go in is then answered as a replay.
 *
 * @throws ImportError when the server stays away; every outcome reported until then holds
 */
export async function postChunk(
  api: LaurelApi,
  path: string,
  baskets: readonly Basket[],
  report: (basket: Basket, outcome: Outcome) => Promise<void> | void,
  { patience, stop }: { readonly patience: Patience; readonly stop: AbortSignal },
): Promise<void> {
  let pending = baskets;
  let before = 0;
  await untilDone(
    async () => {
      before = pending.length;
      const open = new Set(pending);
      try {
        await attempt(api, path, pending, async (basket, outcome) => {
          open.delete(basket);
          await report(basket, outcome);
        });
      } finally {
        pending = pending.filter((basket) => open.has(basket));
      }
      return pending.length === 0 ? 'done' : 'again';
    },
    () => pending.length < before,
    patience,
    stop,
  );
}

async function attempt(
  api: LaurelApi,
  path: string,
  baskets: readonly Basket[],
  settle: (basket: Basket, outcome: Outcome) => Promise<void>,
): Promise<void> {
  let busy = false;
  // Once a receipt is put off, what follows is held back too, or a member's receipts would overtake each other.
  const bodies = function* (): Generator<string> {
    for (const { body } of baskets) {
      if (busy) return;
      yield body;
    }
  };
  let index = 0;
  for await (const answer of api.lines(path, bodies())) {
    const basket = baskets[index];
    if (!basket) return;
    index += 1;
    const outcome = outcomeOf(answer);
    if (outcome === null) busy = true;
    else await settle(basket, outcome);
  }
}

/** Reads a line of answer; null when it says to come back. */
export function outcomeOf(answer: unknown): Outcome | null {
  const { status, replayed, body, problem } = answer as {
    status?: unknown;
    replayed?: unknown;
    body?: { pointsGranted?: unknown };
    problem?: { code?: unknown; detail?: unknown; title?: unknown };
  };
  if (typeof status !== 'number')
    throw new Error('the server answered with something that is no answer of a batch');
  if (isPassing(status)) return null;
  if (status === 200 || status === 201) {
    const points = body?.pointsGranted;
    return { kind: 'posted', replayed: replayed === true, points: typeof points === 'number' ? points : 0 };
  }
  const code = typeof problem?.code === 'string' ? problem.code : `HTTP_${status}`;
  const { detail, title } = problem ?? {};
  const reason = typeof detail === 'string' ? detail : typeof title === 'string' ? title : undefined;
  return { kind: 'refused', code, reason: reason ?? `The server answered ${status}.` };
}
