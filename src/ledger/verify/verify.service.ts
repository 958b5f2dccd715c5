import { Inject, Injectable } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/pipeline/slice.js';
import { keyIdOf, parsePublicKey } from '../../platform/signing/ed25519.js';
import { DATA_SOURCE } from '../../platform/tokens.js';
import { AnchorStore } from '../anchors/anchor.store.js';
import { AccountCheck } from './account-check.js';
import { AnchorCheck, checkChain } from './anchor-check.js';
import { afterAnchor, movementsBefore, nextAnchors } from './anchor-check.query.js';
import { crossChecks } from './cross-check.query.js';
import { Differences, type Difference } from './difference.js';
import { instantChecks } from './instants-check.query.js';
import { checkLot } from './lot-check.js';
import { checkMeasures, checkReceipt, MEASURES, pageValues, RECEIPTS } from './receipt-check.query.js';
import { accountsPage, COUNT_ACCOUNTS, lotsOf, movementsOf } from './verify.query.js';
import {
  newState,
  reportOf,
  withPage,
  type VerifiedPage,
  type VerifyReport,
  type VerifyState,
} from './verify-state.js';

/** Accounts checked in one snapshot of the database. */
export const ACCOUNTS_PER_PAGE = 500;
const RECEIPTS_PER_PAGE = 2000;
const MEMBERS_PER_PAGE = 200;
/** Anchors whose digests are derived in one pass over the movements. */
const ANCHORS_PER_PASS = 400;

export interface VerifyOptions {
  /** Absent: every programme of the installation. */
  readonly programmeId?: ProgrammeId;
  /** Go on from here; absent: from the beginning. */
  readonly from?: VerifyState;
  /** Told after each page; what it returns is awaited. */
  readonly onPage?: (state: VerifyState) => void | Promise<void>;
  /** Asked before each page; false leaves the run where it is. */
  readonly goOn?: () => boolean;
  readonly accountsPerPage?: number;
  /**
   * Anchors must be signed by one of these. Absent: by any key the database knows, which whoever can rewrite the
   * anchors can add to.
   */
  readonly anchorKeys?: readonly KeyObject[];
}

/**
 * Re-derives every balance, lot and hash from the movements alone, holds redemptions, returns, receipts, measures
 * and anchors against them, and reports what is stored otherwise (DESIGN section 4). Works page by page, each in
 * one snapshot, in memory that depends neither on the number of accounts nor on how much happened on one; commands
 * may be written meanwhile.
 */
@Injectable()
export class VerifyService {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Goes through all of it. */
  async run(options: VerifyOptions = {}): Promise<VerifyReport> {
    return reportOf(await this.walk(options));
  }

  /** Goes on page by page. @returns how far it came: to the end, or to where it was told to stop. */
  async walk(options: VerifyOptions): Promise<VerifyState> {
    const { onPage, goOn = () => true } = options;
    let state = options.from ?? (await this.begin(options.programmeId ?? null));
    while (state.phase !== null && goOn()) {
      state = withPage(state, await this.page(state, options));
      await onPage?.(state);
    }
    return state;
  }

  /** The state before the first page. */
  async begin(programmeId: ProgrammeId | null): Promise<VerifyState> {
    const values = [programmeId === null ? null : idToUuid(programmeId)];
    const [row] = await this.dataSource.query<{ accounts: string }[]>(COUNT_ACCOUNTS, values);
    return newState(programmeId, Number(row?.accounts));
  }

  private page(state: VerifyState, options: VerifyOptions): Promise<VerifiedPage> {
    const { programmeId, after } = state;
    switch (state.phase) {
      case 'accounts':
        return this.accounts(programmeId, after as AccountId | null, options.accountsPerPage);
      case 'receipts':
        return this.rows(RECEIPTS, state, RECEIPTS_PER_PAGE, 'purchase_id', 'receipts', checkReceipt);
      case 'members':
        return this.rows(MEASURES, state, MEMBERS_PER_PAGE, 'member_id', 'members', checkMeasures);
      case 'anchors':
        return this.anchors(programmeId, after, options.anchorKeys);
      case null:
        throw new Error('everything was gone through');
    }
  }

  private async accounts(
    programmeId: ProgrammeId | null,
    cursor: AccountId | null,
    limit = ACCOUNTS_PER_PAGE,
  ): Promise<VerifiedPage> {
    const differences = new Differences();
    const counts = { accounts: 0, lots: 0, movements: 0 };
    const snapshot = await Snapshot.open(this.dataSource);
    try {
      const accounts = await accountsPage(snapshot, programmeId, cursor, limit);
      const checks = new Map(accounts.map((account) => [account.accountId, new AccountCheck(account)]));
      const ids = [...checks.keys()];
      for await (const movements of movementsOf(snapshot, ids)) {
        counts.movements += movements.length;
        for (const movement of movements) {
          differences.add(checks.get(movement.accountId)?.movement(movement) ?? []);
        }
      }
      for await (const lots of lotsOf(snapshot, ids)) {
        counts.lots += lots.filter(({ lot }) => lot !== null).length;
        for (const lot of lots) differences.add(checkLot(lot));
      }
      for (const check of checks.values()) differences.add(check.finish());
      for await (const found of crossChecks(snapshot, ids)) differences.add(found);
      for await (const found of instantChecks(snapshot, ids)) differences.add(found);
      counts.accounts = accounts.length;
      return { counts, differences, after: accounts.length < limit ? null : (ids.at(-1) ?? null) };
    } finally {
      await snapshot.close();
    }
  }

  /** A page of a query that finds the faults by itself, a row for each thing checked. */
  private async rows(
    sql: string,
    { programmeId, after }: VerifyState,
    limit: number,
    id: 'purchase_id' | 'member_id',
    counted: 'receipts' | 'members',
    check: (row: Row) => readonly Difference[],
  ): Promise<VerifiedPage> {
    const rows = await this.dataSource.query<Row[]>(sql, pageValues(programmeId, after, limit));
    const differences = new Differences();
    for (const row of rows) differences.add(check(row));
    const last = rows.length < limit ? null : (rows.at(-1)?.[id] as string);
    return { counts: { [counted]: rows.length }, differences, after: last };
  }

  private async anchors(
    programmeId: ProgrammeId | null,
    after: string | null,
    trusted: readonly KeyObject[] | undefined,
  ): Promise<VerifiedPage> {
    const differences = new Differences();
    const found = await nextAnchors(this.dataSource, programmeId, after, ANCHORS_PER_PASS);
    const last = found?.anchors.at(-1);
    if (!found || !last) return { counts: {}, differences, after: null };
    const keys = await this.keys(trusted);
    differences.add(checkChain({ ...found, keys, mustBeSigned: trusted !== undefined }));
    const check = new AnchorCheck(found.anchors);
    for await (const movements of movementsBefore(this.dataSource, found.programmeId, last.cutOff)) {
      for (const movement of movements) check.movement(movement);
    }
    differences.add(check.finish());
    const counts = {
      anchors: found.anchors.length,
      unsignedAnchors: found.anchors.filter(({ signed }) => signed === null).length,
    };
    return { counts, differences, after: afterAnchor(last) };
  }

  private async keys(trusted: readonly KeyObject[] | undefined): Promise<ReadonlyMap<string, KeyObject>> {
    const keys = trusted ?? (await new AnchorStore(this.dataSource).keys()).flatMap(readable);
    return new Map(keys.map((key) => [keyIdOf(key), key]));
  }
}

/** A text that is no key any more signs nothing. */
function readable({ publicKey }: { readonly publicKey: string }): readonly KeyObject[] {
  try {
    return [parsePublicKey(publicKey)];
  } catch {
    return [];
  }
}
