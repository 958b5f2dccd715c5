import type { Percentiles } from '../scene.js';

/** What requests are made of members: evenly at random, by Zipf's law (s = 1, `m-0` most often), or all of one. */
export type Choice = 'spread' | 'zipf' | 'hot';

/** What the requests do. Members are `m-0` to `m-(members - 1)`. */
export type Work =
  | {
      readonly kind: 'purchase';
      /** With the number unique for ever; one a run. */
      readonly source: string;
      readonly members: number;
      readonly pick: Choice;
      /** Whether the ids of what is recorded are kept, for returns later; the newest 200,000 of them. */
      readonly remember?: boolean;
    }
  /** One receipt of each member from `m-0` on; ends with the last. */
  | { readonly kind: 'fund'; readonly source: string; readonly members: number }
  /** Holds a point and captures it, two requests in a row that count as one. */
  | { readonly kind: 'redemption'; readonly members: number }
  /** Takes whole receipts back that were remembered; ends when there are no more. */
  | { readonly kind: 'return'; readonly source: string }
  /** The balance of a member, by `mbr_…`. */
  | { readonly kind: 'read'; readonly memberIds: readonly string[] }
  /**
   * 70 purchases, 10 redemptions (one request), 5 whole returns of remembered receipts, 15 reads in a hundred; one
   * of a hundred purchases is sent a second time.
   */
  | {
      readonly kind: 'mix';
      readonly source: string;
      readonly pick: Choice;
      /** Of `m-0` and so on, in that order. */
      readonly memberIds: readonly string[];
    };

/** How the requests come. */
export type Shape =
  /** Each connection sends its next request when the last one is answered. */
  | { readonly kind: 'closed'; readonly connections: number }
  /**
   * At times fixed in advance, whatever the answers do: `poisson` with random gaps, `even` with equal ones. A request
   * that finds no connection free waits for one, and its latency counts from when it was to be sent.
   */
  | {
      readonly kind: 'open';
      readonly perSecond: number;
      readonly connections: number;
      readonly spacing?: 'poisson' | 'even';
    }
  /** Receipts as lines of one long request a connection, so many unanswered at the most. */
  | { readonly kind: 'stream'; readonly connections: number; readonly inFlight: number };

export interface LoadPlan {
  /** Of a server on this machine. */
  readonly url: string;
  readonly key: string;
  /** How long requests are sent; those under way are then waited for. */
  readonly seconds: number;
  readonly shape: Shape;
  readonly work: Work;
  /** Whether 503 with `Retry-After` is an answer like another. */
  readonly mayRefuse?: boolean;
}

/** The number of successful answers by kind of request. */
export interface Made {
  readonly purchases: number;
  readonly redemptions: number;
  readonly returns: number;
  readonly reads: number;
  /** Receipts sent again that were answered as the first time. */
  readonly replays: number;
}

export interface LoadResult {
  readonly done: number;
  readonly seconds: number;
  readonly made: Made;
  /** The same until nothing more was sent; without what was answered afterwards. */
  readonly inTime: Made;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of all that was done, from when it was sent or, in an open loop, was to be sent. */
  readonly latencies: Percentiles;
  /** Of what was to be sent in each half second, in an open loop. */
  readonly windows: readonly Percentiles[];
  /** Refused with 503 and `Retry-After`. */
  readonly refused: number;
  /** Sent and never answered. */
  readonly unanswered: number;
  /** In an open loop: due, but no connection became free in time. */
  readonly unsent: number;
  /** CPU of the generator while it ran, microseconds. */
  readonly cpuMicros: number;
  /** The first answers that should not have been. */
  readonly problems: readonly string[];
}

/** The most connections a plan may have, and requests a second. */
export const MAX_CONNECTIONS = 16_384;
export const MAX_PER_SECOND = 200_000;
export const MAX_SECONDS = 7_200;
/** The length of a window of `LoadResult.windows`. */
export const WINDOW_MS = 500;
