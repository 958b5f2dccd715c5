import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import { Snapshot } from '../../platform/database/snapshot.js';
import { DATA_SOURCE } from '../../platform/tokens.js';
import { AccountCheck } from './account-check.js';
import { Differences, type Difference } from './difference.js';
import { checkLot } from './lot-check.js';
import { accountsPage, COUNT_ACCOUNTS, lotsOf, movementsOf } from './verify.query.js';

/** Accounts checked in one snapshot of the database. */
export const ACCOUNTS_PER_PAGE = 500;

export interface VerifyProgress {
  readonly accounts: number;
  /** Accounts there were when it began. */
  readonly of: number;
}

export interface VerifyOptions {
  /** Absent: every programme of the installation. */
  readonly programmeId?: ProgrammeId;
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly accountsPerPage?: number;
}

export interface VerifyReport {
  readonly programmeId: ProgrammeId | null;
  /** How many of each were checked. */
  readonly accounts: number;
  readonly lots: number;
  readonly movements: number;
  /** The first of them, at most `MAX_DIFFERENCES`. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly clean: boolean;
}

/**
 * Re-derives every balance, lot and hash from the movements alone and reports what is stored otherwise
 * (DESIGN section 4). Works page by page, each in one snapshot, in memory that depends neither on the number
 * of accounts nor on how much happened on one; commands may be written meanwhile.
 */
@Injectable()
export class VerifyService {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  async run({
    programmeId,
    onProgress,
    accountsPerPage = ACCOUNTS_PER_PAGE,
  }: VerifyOptions = {}): Promise<VerifyReport> {
    const tally: Tally = { accounts: 0, lots: 0, movements: 0, differences: new Differences() };
    const of = await this.countAccounts(programmeId ?? null);
    let cursor: AccountId | null = null;
    do {
      cursor = await this.page(programmeId ?? null, cursor, accountsPerPage, tally);
      onProgress?.({ accounts: tally.accounts, of });
    } while (cursor !== null);
    const { differences, ...counts } = tally;
    return {
      programmeId: programmeId ?? null,
      ...counts,
      differences: differences.listed,
      differenceCount: differences.count,
      clean: differences.count === 0,
    };
  }

  private async countAccounts(programmeId: ProgrammeId | null): Promise<number> {
    const values = [programmeId === null ? null : idToUuid(programmeId)];
    const [row] = await this.dataSource.query<{ accounts: string }[]>(COUNT_ACCOUNTS, values);
    return Number(row?.accounts);
  }

  /** @returns the last account of the page, or null when there are no more. */
  private async page(
    programmeId: ProgrammeId | null,
    cursor: AccountId | null,
    limit: number,
    tally: Tally,
  ): Promise<AccountId | null> {
    const snapshot = await Snapshot.open(this.dataSource);
    try {
      const accounts = await accountsPage(snapshot, programmeId, cursor, limit);
      const checks = new Map(accounts.map((account) => [account.accountId, new AccountCheck(account)]));
      const ids = [...checks.keys()];
      for await (const movements of movementsOf(snapshot, ids)) {
        tally.movements += movements.length;
        for (const movement of movements) {
          tally.differences.add(checks.get(movement.accountId)?.movement(movement) ?? []);
        }
      }
      for await (const lots of lotsOf(snapshot, ids)) {
        tally.lots += lots.filter(({ lot }) => lot !== null).length;
        for (const lot of lots) tally.differences.add(checkLot(lot));
      }
      for (const check of checks.values()) tally.differences.add(check.finish());
      tally.accounts += accounts.length;
      return accounts.length < limit ? null : (ids.at(-1) ?? null);
    } finally {
      await snapshot.close();
    }
  }
}

interface Tally {
  accounts: number;
  lots: number;
  movements: number;
  readonly differences: Differences;
}
