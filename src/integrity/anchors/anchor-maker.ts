import { endOfDay, type Clock, type Instant, type LocalDate } from '../../kernel/time.js';
import { anchorHash, anchorStatement, daysToAnchor, FIRST_ANCHOR, type Anchor } from '../domain/anchor.js';
import type { AnchorSigning } from './anchor-key.js';
import type { AnchoredProgramme, AnchorStore } from './anchor.store.js';
import { headLine, HeadsDigest } from './heads-digest.js';

/** Accounts whose heads are read at once. */
const ACCOUNTS_PER_PAGE = 2000;
/** How long writes that began before an anchor was due are waited for. */
const PATIENCE_MS = 10_000;

/** Makes the anchors of days that are over. */
export class AnchorMaker {
  constructor(
    private readonly store: AnchorStore,
    private readonly clock: Clock,
    private readonly signing: AnchorSigning,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /**
   * Makes every anchor that is due, programme by programme and day by day; safe to be stopped between any two. Only
   * one process may do it at a time.
   * @param signal ends it before the next anchor.
   * @throws WritesUnderWay when older writes do not end; nothing was made then, and it can be tried again.
   */
  async makeDue(signal?: AbortSignal): Promise<readonly Anchor[]> {
    const now = this.clock.now();
    const due = await this.due(now);
    if (due.length === 0) return [];
    // No write can add a movement to a day that is anchored: later ones know its end, earlier ones are waited for.
    const ends = due.map(({ programme: { programmeId, timeZone }, days }) => ({
      programmeId,
      before: endOfDay(days.at(-1) as LocalDate, timeZone),
    }));
    await this.store.endRecording(ends, this.patienceMs);
    if (this.signing.state === 'signing') await this.store.addKey(this.signing.signer, now);
    const made: Anchor[] = [];
    for (const { programme, days } of due) {
      let previousHash = programme.lastHash ?? FIRST_ANCHOR;
      for (const day of days) {
        if (signal?.aborted) return made;
        const anchor = await this.make(programme, day, previousHash);
        previousHash = anchorHash(anchor);
        made.push(anchor);
      }
    }
    return made;
  }

  /** Days that are over and have no anchor; by it the same days are known again. */
  async dueNow(): Promise<string> {
    const due = await this.due(this.clock.now());
    return due.map(({ programme, days }) => `${programme.programmeId} ${days.join()}`).join(';');
  }

  private async due(now: Instant) {
    return (await this.store.programmes())
      .map((programme) => ({ programme, days: daysToAnchor(now, programme.timeZone, programme) }))
      .filter(({ days }) => days.length > 0);
  }

  private async make(
    { programmeId, timeZone }: AnchoredProgramme,
    day: LocalDate,
    previousHash: string,
  ): Promise<Anchor> {
    const cutOff = endOfDay(day, timeZone);
    const digest = new HeadsDigest();
    for await (const heads of this.store.heads(programmeId, cutOff, ACCOUNTS_PER_PAGE))
      digest.add(heads.map(headLine));
    const { accounts } = digest;
    const recordedAt = this.clock.now();
    const anchor = { programmeId, day, cutOff, accounts, digest: digest.finish(), previousHash, recordedAt };
    await this.store.add(anchor, this.signed(anchor));
    return anchor;
  }

  private signed(anchor: Anchor) {
    if (this.signing.state === 'unsigned') return null;
    const { signer } = this.signing;
    return { keyId: signer.keyId, signature: signer.sign(anchorStatement(anchor)) };
  }
}
