import { createHash } from 'node:crypto';

/** The last movement of an account at a cut-off. */
export interface AccountHead {
  /** As the database writes it, so that one SQL statement can write the lines again. */
  readonly accountUuid: string;
  readonly sequence: number;
  /** Lower-case hex. */
  readonly hash: string;
}

/** A head as the digest takes it in. */
export function headLine({ accountUuid, sequence, hash }: AccountHead): string {
  return `${accountUuid}|${sequence}|${hash}\n`;
}

/** The digest of account heads, given in the order of the accounts' ids; keeps none of them. */
export class HeadsDigest {
  private readonly digest = createHash('sha256');
  private count = 0;

  /** @param lines of `headLine`. */
  add(lines: readonly string[]): void {
    this.count += lines.length;
    this.digest.update(lines.join(''));
  }

  /** How many heads were given. */
  get accounts(): number {
    return this.count;
  }

  /** SHA-256 over the heads' lines, lower-case hex; may be asked once. */
  finish(): string {
    return this.digest.digest('hex');
  }
}
