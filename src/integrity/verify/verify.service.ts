import { Inject, Injectable } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { idToUuid, uuidToId, type AccountId, type ProgrammeId } from '../../kernel/ids.js';
import { EventPublisher, LogEndLostError } from '../../platform/bus/event-publisher.store.js';
import { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { keyIdOf, parsePublicKey } from '../../platform/signing/ed25519.js';
import { DATA_SOURCE } from '../../platform/tokens.js';
import { AnchorStore } from '../anchors/anchor.store.js';
import { AccountCheck, type StoredAccount } from './account-check.js';
import { AnchorCheck, checkChain } from './anchor-check.js';
import { afterAnchor, movementsBefore, nextAnchors } from './anchor-check.query.js';
import { claimsPage } from './claim-check.query.js';
import { crossChecks } from './cross-check.query.js';
import { compare, Differences, type Check, type Difference, type Subject } from './difference.js';
import { eventChains } from './event-chain.query.js';
import { eventPositions, logPage } from './event-positions.query.js';
import { householdRoles } from './household-check.query.js';
import { instantChecks } from './instants-check.query.js';
import { checkLot } from './lot-check.js';
import { checkMember, MEMBERS } from './member-check.query.js';
import { checkPlaces, PLACES } from './place-check.query.js';
import { checkProgramme, NEXT_PROGRAMME, readProgramme } from './programme-check.query.js';
import {
  checkMeasures,
  checkReceipt,
  MEASURES,
  NEXT_MEMBER,
  NEXT_RECEIPT,
  pageValues,
  RECEIPTS,
} from './receipt-check.query.js';
import { recordSums } from './record-sum.query.js';
import { STRAY_STEPS, strays } from './strays.query.js';
import { isUnreadable } from './unreadable.js';
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
const CLAIMS_PER_PAGE = 2000;
/** Rows of the log, each a write's events of one account. */
const POSITIONS_PER_PAGE = 20_000;
/** Anchors whose digests are derived in one pass over the movements. */
const ANCHORS_PER_PASS = 400;

/** A page of a query that brings a row for each thing checked. */
interface RowsPage {
  readonly sql: string;
  /** The id of the first row after a place, with nothing that could not be read. */
  readonly next: string;
  readonly id: 'purchase_id' | 'member_id';
  readonly counted: 'receipts' | 'members';
  readonly check: (row: Row) => readonly Difference[];
  readonly unreadable: (uuid: string, error: unknown) => Difference;
}

const RECEIPTS_PAGE: RowsPage = {
  sql: RECEIPTS,
  next: NEXT_RECEIPT,
  id: 'purchase_id',
  counted: 'receipts',
  check: checkReceipt,
  unreadable: (uuid, error) => fault({ purchaseId: uuidToId('pur', uuid) }, 'purchase.readable', error),
};

const MEASURES_PAGE: RowsPage = {
  sql: MEASURES,
  next: NEXT_MEMBER,
  id: 'member_id',
  counted: 'members',
  check: checkMeasures,
  unreadable: (uuid, error) => fault({ memberId: uuidToId('mbr', uuid) }, 'member.readable', error),
};

const MEMBERS_PAGE: RowsPage = { ...MEASURES_PAGE, sql: MEMBERS, check: checkMember };
const PLACES_PAGE: RowsPage = { ...MEASURES_PAGE, sql: PLACES, check: checkPlaces };

export interface VerifyOptions {
  /** Absent: every programme of the installation. */
  readonly programmeId?: ProgrammeId;
  /** Go on from here; absent: from the beginning. */
  readonly from?: VerifyState;
  /** Told after each page; what it returns is awaited. */
  readonly onPage?: (state: VerifyState) => void | Promise<void>;
  /** Aborted: the run is left where it is after the page under way. */
  readonly signal?: AbortSignal;
  readonly accountsPerPage?: number;
  /**
   * Anchors must be signed by one of these. Absent: by any key in the database, to which a role that can rewrite
   * anchors can add one.
   */
  readonly anchorKeys?: readonly KeyObject[];
}

/**
 * Re-derives every balance, lot and hash from the movements alone, holds redemptions, returns, receipts, measures
 * and anchors against them, and reports what is stored otherwise (docs/decisions.md#verify). Works page by page,
 * each in one snapshot, in memory that depends neither on the number of accounts nor on how much happened on one;
 * commands may be written meanwhile.
 */
@Injectable()
export class VerifyService {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Goes through all of it. */
  async run(options: VerifyOptions = {}): Promise<VerifyReport> {
    return reportOf(await this.walk(options));
  }

  /** Goes on page by page. @returns how far it came: to the end, or to where it was aborted. */
  async walk(options: VerifyOptions): Promise<VerifyState> {
    const { onPage, signal } = options;
    let state = options.from ?? (await this.begin(options.programmeId ?? null));
    while (state.phase !== null && !signal?.aborted) {
      state = withPage(state, await this.page(state, options));
      await onPage?.(state);
    }
    return state;
  }

  /** The state before the first page. Events that wait for a position get one: what still waits cannot have one. */
  async begin(programmeId: ProgrammeId | null): Promise<VerifyState> {
    await new EventPublisher(this.dataSource).publish().catch((error: unknown) => {
      // The page of the log tells of it, beside everything else.
      if (!(error instanceof LogEndLostError)) throw error;
    });
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
        return this.rows(RECEIPTS_PAGE, state, RECEIPTS_PER_PAGE);
      case 'members':
        return this.members(state);
      case 'claims':
        return this.claims(programmeId, after);
      case 'programmes':
        return this.programme(programmeId, after);
      case 'belonging':
        return this.belonging(programmeId, Number(after ?? 0));
      case 'events':
        return this.events(programmeId, after);
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
    const snapshot = await Snapshot.open(this.dataSource);
    let unreadable: unknown;
    let first: AccountId | null = null;
    try {
      const accounts = await accountsPage(snapshot, programmeId, cursor, limit);
      first = accounts[0]?.accountId ?? null;
      return await this.checkAccounts(snapshot, accounts, limit);
    } catch (error) {
      if (!isUnreadable(error) || first === null) throw error;
      unreadable = error;
    } finally {
      await snapshot.close();
    }
    // Smaller pages, until the account at fault is alone in its own.
    if (limit > 1) return this.accounts(programmeId, cursor, limit >> 1);
    return pageOf({ accounts: 1 }, [fault({ accountId: first }, 'account.readable', unreadable)], first);
  }

  private async checkAccounts(
    snapshot: Snapshot,
    accounts: readonly StoredAccount[],
    limit: number,
  ): Promise<VerifiedPage> {
    const differences = new Differences();
    const counts = { accounts: 0, lots: 0, movements: 0 };
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
    for (const checks of [
      crossChecks,
      householdRoles,
      instantChecks,
      eventChains,
      eventPositions,
      recordSums,
    ])
      for await (const found of checks(snapshot, ids)) differences.add(found);
    counts.accounts = accounts.length;
    return { counts, differences, after: accounts.length < limit ? null : (ids.at(-1) ?? null) };
  }

  /** A page of a query that finds the faults by itself, a row for each thing checked. */
  private async rows(
    page: RowsPage,
    { programmeId, after }: Pick<VerifyState, 'programmeId' | 'after'>,
    limit: number,
  ): Promise<VerifiedPage> {
    const { sql, id, counted, check } = page;
    const values = pageValues(programmeId, after, limit);
    try {
      const rows = await this.dataSource.query<Row[]>(sql, values);
      const last = rows.length < limit ? null : (rows.at(-1)?.[id] as string);
      return pageOf({ [counted]: rows.length }, rows.flatMap(check), last);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // Smaller pages, until the row at fault is alone in its own.
      if (limit > 1) return this.rows(page, { programmeId, after }, limit >> 1);
      const [row] = await this.dataSource.query<Row[]>(page.next, values.slice(0, 2));
      const uuid = row?.[id] as string;
      return pageOf({ [counted]: 1 }, [page.unreadable(uuid, error)], uuid);
    }
  }

  /** A member's measures and, for as many of them as could be read, their own rows and places on ladders. */
  private async members(state: VerifyState): Promise<VerifiedPage> {
    const measures = await this.rows(MEASURES_PAGE, state, MEMBERS_PER_PAGE);
    const limit = Math.max(measures.counts.members ?? 0, 1);
    for (const page of [MEMBERS_PAGE, PLACES_PAGE]) {
      const { differences } = await this.rows(page, state, limit);
      measures.differences.add(differences.listed);
    }
    return measures;
  }

  private async claims(programmeId: ProgrammeId | null, after: string | null): Promise<VerifiedPage> {
    return this.inSnapshot(async (snapshot) => {
      const page = await claimsPage(snapshot, programmeId, after, CLAIMS_PER_PAGE);
      return pageOf({}, page.differences, page.after);
    });
  }

  private async programme(programmeId: ProgrammeId | null, after: string | null): Promise<VerifiedPage> {
    return this.inSnapshot(async (snapshot) => {
      const uuid = programmeId === null ? null : idToUuid(programmeId);
      const [row] = await snapshot.query(NEXT_PROGRAMME, [uuid, after]);
      if (!row) {
        const isGone = programmeId !== null && after === null;
        return pageOf(
          {},
          isGone ? compare({ programmeId }, 'programme.exists', 'a programme', 'none') : [],
          null,
        );
      }
      const programme = readProgramme(row);
      return pageOf({}, await checkProgramme(snapshot, programme), programme.uuid);
    });
  }

  private async belonging(programmeId: ProgrammeId | null, step: number): Promise<VerifiedPage> {
    return this.inSnapshot(async (snapshot) => {
      const found = await strays(snapshot, step, programmeId);
      return pageOf({}, found, step + 1 < STRAY_STEPS ? String(step + 1) : null);
    });
  }

  /** The log is that of all programmes. */
  private async events(programmeId: ProgrammeId | null, after: string | null): Promise<VerifiedPage> {
    if (programmeId !== null) return pageOf({}, [], null);
    return this.inSnapshot(async (snapshot) => {
      const page = await logPage(snapshot, after, POSITIONS_PER_PAGE);
      return pageOf({}, page.differences, page.after);
    });
  }

  private async inSnapshot<T>(act: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const snapshot = await Snapshot.open(this.dataSource);
    try {
      return await act(snapshot);
    } finally {
      await snapshot.close();
    }
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

function pageOf(
  counts: VerifiedPage['counts'],
  found: readonly Difference[],
  after: string | null,
): VerifiedPage {
  const differences = new Differences();
  differences.add(found);
  return { counts, differences, after };
}

/** What could not be read, and why. */
function fault(subject: Subject, check: Check, error: unknown): Difference {
  return { ...subject, check, expected: 'something readable', actual: String(error) };
}

/** A text that is no key any more signs nothing. */
function readable({ publicKey }: { readonly publicKey: string }): readonly KeyObject[] {
  try {
    return [parsePublicKey(publicKey)];
  } catch {
    return [];
  }
}
