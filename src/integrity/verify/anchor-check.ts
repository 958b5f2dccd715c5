import type { KeyObject } from 'node:crypto';
import { addToDate, endOfDay, formatInstant, type Instant, type LocalDate } from '../../kernel/time.js';
import { isSignedBy } from '../../platform/signing/ed25519.js';
import type { StoredAnchor } from '../anchors/anchor.store.js';
import { headLine, HeadsDigest, type AccountHead } from '../anchors/heads-digest.js';
import { anchorHash, anchorStatement, FIRST_ANCHOR } from '../domain/anchor.js';
import { compare, type Difference } from './difference.js';

/** Heads kept before they go into the digests. */
const PENDING_ACCOUNTS = 500;

export interface AnchorChain {
  /** Consecutive anchors of one programme, the earliest first. */
  readonly anchors: readonly StoredAnchor[];
  /** The one before; null when these begin with the first. */
  readonly previous: StoredAnchor | null;
  readonly timeZone: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Whether an anchor without a signature is a fault. */
  readonly mustBeSigned: boolean;
}

/** A movement as far as anchors go by it. */
export interface AnchoredMovement extends AccountHead {
  readonly recordedAt: Instant;
}

/** What is wrong with anchors by themselves: their hashes, their order, their signatures. */
export function checkChain(chain: AnchorChain): readonly Difference[] {
  let { previous } = chain;
  return chain.anchors.flatMap((anchor) => {
    const { programmeId, day } = anchor;
    const subject = { programmeId, day };
    const expectedDay = previous === null ? day : addToDate(previous.day, { days: 1 });
    const found = [
      ...compare(subject, 'anchor.hash', anchorHash(anchor), anchor.hash),
      ...compare(subject, 'anchor.chain', previous?.hash ?? FIRST_ANCHOR, anchor.previousHash),
      ...compare(subject, 'anchor.day', expectedDay, day),
      ...compare(subject, 'anchor.day', endOf(day, chain.timeZone), formatInstant(anchor.cutOff)),
      ...checkSignature(anchor, chain),
    ];
    previous = anchor;
    return found;
  });
}

/** When the day is over in the programme's zone; a text where that is none. */
function endOf(day: LocalDate, timeZone: string): string {
  try {
    return formatInstant(endOfDay(day, timeZone));
  } catch {
    return `the end of the day in ${timeZone}`;
  }
}

function checkSignature(anchor: StoredAnchor, { keys, mustBeSigned }: AnchorChain): readonly Difference[] {
  const { programmeId, day, signed } = anchor;
  const fault = (actual: string): readonly Difference[] =>
    compare({ programmeId, day }, 'anchor.signature', 'a signature of a known key', actual);
  if (!signed) return mustBeSigned ? fault('none') : [];
  const key = keys.get(signed.keyId);
  if (!key) return fault(`one of ${signed.keyId}`);
  return isSignedBy(key, anchorStatement(anchor), signed.signature) ? [] : fault('another');
}

/**
 * Derives the digests of any number of anchors anew in one pass over the movements, given by account and sequence.
 * Keeps a head for each anchor of the account under way, and the lines of a few hundred accounts.
 */
export class AnchorCheck {
  private readonly digests: readonly HeadsDigest[];
  private readonly pending: string[][];
  private pendingAccounts = 0;
  private account: string | null = null;
  /** Of the account under way: by the first anchor whose cut-off a movement lies before, the last such movement. */
  private heads = new Map<number, AccountHead>();

  constructor(private readonly anchors: readonly StoredAnchor[]) {
    this.digests = anchors.map(() => new HeadsDigest());
    this.pending = anchors.map(() => []);
  }

  movement(movement: AnchoredMovement): void {
    if (movement.accountUuid !== this.account) {
      this.endAccount();
      this.account = movement.accountUuid;
    }
    const first = this.firstAnchorAfter(movement.recordedAt);
    if (first < this.anchors.length) this.heads.set(first, movement);
  }

  /** What is wrong with the anchors once all movements were given. */
  finish(): readonly Difference[] {
    this.endAccount();
    this.flush();
    return this.anchors.flatMap(({ programmeId, day, accounts, digest }, index) => {
      const derived = this.digests[index] as HeadsDigest;
      const subject = { programmeId, day };
      return [
        ...compare(subject, 'anchor.accounts', derived.accounts, accounts),
        ...compare(subject, 'anchor.digest', derived.finish(), digest),
      ];
    });
  }

  private firstAnchorAfter(instant: Instant): number {
    let [low, high] = [0, this.anchors.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.anchors[middle] as StoredAnchor).cutOff > instant) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** An account's head at a cut-off is its last movement by number among those recorded before it. */
  private endAccount(): void {
    let head: AccountHead | null = null;
    let line = '';
    for (let index = 0; index < this.anchors.length; index += 1) {
      const found = this.heads.get(index);
      if (found && (head === null || found.sequence > head.sequence)) {
        head = found;
        line = headLine(found);
      }
      if (head !== null) this.pending[index]?.push(line);
    }
    this.heads = new Map();
    this.pendingAccounts += 1;
    if (this.pendingAccounts >= PENDING_ACCOUNTS) this.flush();
  }

  private flush(): void {
    for (const [index, lines] of this.pending.entries()) {
      this.digests[index]?.add(lines);
      lines.length = 0;
    }
    this.pendingAccounts = 0;
  }
}
