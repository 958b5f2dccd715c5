import type { MemberId } from '../../kernel/ids.js';
import type { Identity } from '../../platform/http/identity.js';
import type { OddClaim } from '../../platform/pipeline/index.js';

/** Lines that are printed of each kind; the rest is counted. */
const MAX_LINES = 1000;

/** What was found in the texts of a programme. */
export class Findings {
  private readonly lines: string[] = [];
  private counts = { collisions: 0, unreadable: 0, changes: 0, written: 0, claims: 0 };

  /** Two members have what is one identity today. */
  collision(memberId: MemberId, { type, value }: Identity, holder: MemberId): void {
    this.counts.collisions += 1;
    this.line(`${memberId} has ${type} ${JSON.stringify(value)}, which is the same as one of ${holder}.`);
  }

  /** No request can name a member by this any more. */
  unreadable(memberId: MemberId, { type, value }: Identity, reason: string): void {
    this.counts.unreadable += 1;
    this.line(`${memberId} has ${type} ${JSON.stringify(value)}. ${reason}`);
  }

  change(memberId: MemberId, written: boolean): void {
    this.counts.changes += 1;
    if (written) this.counts.written += 1;
    this.line(`${memberId} has identities in another form${written ? '; they were rewritten' : ''}.`);
  }

  /** What was claimed under a key of before. */
  claim({ scope, key }: OddClaim, twin: boolean): void {
    this.counts.claims += 1;
    const name = key
      .split('\n')
      .map((part) => JSON.stringify(part))
      .join(' ');
    const beside = twin ? ' and stands beside another that looks the same' : '';
    this.line(`The ${scope} ${name} has a number that no request can say any more${beside}.`);
  }

  /** Whether a finding is left that needs a person's decision. */
  get isClean(): boolean {
    const { collisions, unreadable, changes, written, claims } = this.counts;
    return collisions + unreadable + claims === 0 && changes === written;
  }

  text(): string {
    const { collisions, unreadable, changes, written, claims } = this.counts;
    const total = collisions + unreadable + changes + claims;
    const more = total > this.lines.length ? [`and ${total - this.lines.length} more`] : [];
    const sum = `${collisions} collisions, ${unreadable} that are no identity, ${changes} members to rewrite (${written} rewritten), ${claims} numbers of before.`;
    return `${[...this.lines, ...more, sum].join('\n')}\n`;
  }

  private line(text: string): void {
    if (this.lines.length < MAX_LINES) this.lines.push(text);
  }
}
