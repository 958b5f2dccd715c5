import { createHash } from 'node:crypto';
import { idToUuid } from '../../src/kernel/ids.js';
import { idKind, type IdKind } from './id-sql.js';
import { LIFECYCLES, type Lifecycle, type LifecycleName } from './lifecycle.js';

/** What is to be grown. */
export interface HistoryOptions {
  /** `prg_…` */
  readonly programmeId: string;
  readonly members: number;
  /** Of all of them together, spread evenly. */
  readonly lots: number;
  /** Whole; another seed gives other ids, times and amounts. */
  readonly seed: number;
  /** External ids are `<prefix><n>`; default `m-`. */
  readonly prefix?: string;
  /** The first `n`; default 0. */
  readonly firstMember?: number;
  /** Members with this number and higher ones belong to another programme, by its uuid; none without. */
  readonly others?: { readonly programme: string; readonly from: number };
  /** Default `mixed`. */
  readonly lifecycle?: LifecycleName;
  /**
   * About how many of the newest receipts get their rows in `purchases`, `events`, `qualifying_days` and
   * `earning_days`; default 1,000,000. Older ones have claims, lots and movements only: their bodies would not fit
   * the disk, and no command but a return of the receipt ever reads them.
   */
  readonly recentReceipts?: number;
  /** Told about each step. */
  readonly log?: (text: string) => void;
}

/** The same with everything that statements are made of. */
export interface HistoryPlan {
  readonly programme: string;
  readonly others: { readonly programme: string; readonly from: number } | null;
  readonly timeZone: string;
  readonly members: number;
  readonly lots: number;
  readonly seed: number;
  readonly prefix: string;
  readonly firstMember: number;
  readonly lifecycle: Lifecycle;
  readonly kinds: Readonly<
    Record<'member' | 'account' | 'lot' | 'purchase' | 'redemption' | 'event', IdKind>
  >;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** Receipts from then on get their bodies. */
  readonly bodiesFrom: number;
}

const DAY_MS = 86_400_000;
export const USUAL_RECENT = 1_000_000;
/** Numbers in ids have 33 bits, and with 131 thousand lots an account each has seconds of its own. */
const MOST_MEMBERS = 100_000_000;
const MOST_LOTS = 1_000_000_000;
const MOST_LOTS_A_MEMBER = 131_072;

/** @throws RangeError for sizes beyond what the arithmetic is exact for. */
export function planHistory(options: HistoryOptions, timeZone: string, now: number): HistoryPlan {
  const { members, lots, seed, prefix = 'm-', firstMember = 0 } = options;
  inRange('members', members, 1, MOST_MEMBERS);
  inRange('lots', lots, 0, MOST_LOTS);
  inRange('lots of an account', Math.ceil(lots / members), 0, MOST_LOTS_A_MEMBER);
  const lifecycle = LIFECYCLES[options.lifecycle ?? 'mixed'];
  const [from, to] = [now - lifecycle.fromDaysAgo * DAY_MS, now - lifecycle.toDaysAgo * DAY_MS];
  const recent = Math.min(options.recentReceipts ?? USUAL_RECENT, lots);
  const salt = `${seed} ${prefix} ${firstMember}`;
  const kind = (name: string): IdKind => idKind(name, salt);
  return {
    programme: idToUuid(options.programmeId),
    others: options.others ?? null,
    timeZone,
    members,
    lots,
    // Whatever else is grown in the database gets other numbers than this.
    seed: createHash('sha256').update(salt).digest().readUInt32BE(0),
    prefix,
    firstMember,
    lifecycle,
    kinds: {
      member: kind('member'),
      account: kind('account'),
      lot: kind('lot'),
      purchase: kind('purchase'),
      redemption: kind('redemption'),
      event: kind('event'),
    },
    now,
    from,
    to,
    bodiesFrom: lots === 0 ? now : Math.round(to - ((to - from) * recent) / lots),
  };
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new RangeError(`${name}: ${value} is not a whole number from ${least} to ${most}`);
}
