import type { DataSource, EntityManager } from 'typeorm';
import { idToUuid, uuidToId, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import type { Row } from '../../platform/database/row.js';
import { WriteBarrier } from '../../platform/database/write-barrier.store.js';
import { endRecording } from '../../platform/versioned-config/recording-end.store.js';
import type { Signer } from '../../platform/signing/ed25519.js';
import { anchorHash, type Anchor } from '../domain/anchor.js';
import type { AccountHead } from './heads-digest.js';

/** An anchor as it is stored. */
export interface StoredAnchor extends Anchor {
  readonly hash: string;
  /** Null where no key was loaded when it was made. */
  readonly signed: { readonly keyId: string; readonly signature: Buffer } | null;
}

/** A programme with what decides which of its days are due. */
export interface AnchoredProgramme {
  readonly programmeId: ProgrammeId;
  readonly timeZone: string;
  readonly createdAt: Instant;
  readonly lastAnchor: LocalDate | null;
  readonly lastHash: string | null;
}

const PROGRAMMES = `SELECT p.programme_id, p.time_zone, p.created_at, a.day, a.hash
  FROM programmes p LEFT JOIN LATERAL (
    SELECT x.day, x.hash FROM anchors x WHERE x.programme_id = p.programme_id ORDER BY x.day DESC LIMIT 1) a ON true
  ORDER BY p.programme_id`;

/** The last movement of each account that was recorded before the cut-off; found from the newest one backwards. */
const HEADS = `SELECT a.account_id, h.sequence, h.hash
  FROM (SELECT x.account_id FROM accounts x
    WHERE x.programme_id = $1 AND ($2::uuid IS NULL OR x.account_id > $2) ORDER BY x.account_id LIMIT $4) a
  LEFT JOIN LATERAL (SELECT m.sequence, m.hash FROM movements m
    WHERE m.account_id = a.account_id AND m.recorded_at < $3 ORDER BY m.sequence DESC LIMIT 1) h ON true
  ORDER BY a.account_id`;

const INSERT = `INSERT INTO anchors (programme_id, day, cut_off, accounts, digest, previous_hash, hash, key_id, signature,
    recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const PAGE = `SELECT a.* FROM anchors a
  WHERE a.programme_id = $1 AND ($2::date IS NULL OR a.day < $2) ORDER BY a.day DESC LIMIT $3`;

/** Anchors, the public halves of the keys that signed them, and the heads they are of. */
export class AnchorStore {
  constructor(private readonly dataSource: DataSource) {}

  async programmes(): Promise<readonly AnchoredProgramme[]> {
    const rows = await this.dataSource.query<Row[]>(PROGRAMMES);
    return rows.map((row) => ({
      programmeId: uuidToId('prg', row['programme_id'] as string),
      timeZone: row['time_zone'] as string,
      createdAt: (row['created_at'] as Date).getTime(),
      lastAnchor: row['day'] as string | null,
      lastHash: (row['hash'] as Buffer | null)?.toString('hex') ?? null,
    }));
  }

  /** The programme's account heads at a cut-off in the order of the accounts' ids, `accountsPerPage` accounts at a time. */
  async *heads(
    programmeId: ProgrammeId,
    cutOff: Instant,
    accountsPerPage: number,
  ): AsyncGenerator<readonly AccountHead[]> {
    let cursor: string | null = null;
    for (;;) {
      const values: unknown[] = [idToUuid(programmeId), cursor, new Date(cutOff), accountsPerPage];
      const rows: Row[] = await this.dataSource.query<Row[]>(HEADS, values);
      yield rows.filter((row) => row['hash'] !== null).map(readHead);
      if (rows.length < accountsPerPage) return;
      cursor = rows.at(-1)?.['account_id'] as string;
    }
  }

  /**
   * From now on nothing of these programmes is recorded before their instants, by any clock; what did not know of it
   * has ended when this returns.
   * @param patienceMs how long it may take until the writes under way have ended.
   * @throws WritesUnderWay when it takes longer; nothing is recorded before the instants then either.
   */
  endRecording(
    ends: readonly { readonly programmeId: ProgrammeId; readonly before: Instant }[],
    patienceMs: number,
  ): Promise<void> {
    const change = async (manager: EntityManager): Promise<void> => {
      for (const { programmeId, before } of ends) await endRecording(manager, programmeId, before);
    };
    return new WriteBarrier(this.dataSource).after(change, patienceMs);
  }

  async add(anchor: Anchor, signed: StoredAnchor['signed']): Promise<void> {
    await this.dataSource.query(INSERT, [
      idToUuid(anchor.programmeId),
      anchor.day,
      new Date(anchor.cutOff),
      anchor.accounts,
      Buffer.from(anchor.digest, 'hex'),
      Buffer.from(anchor.previousHash, 'hex'),
      Buffer.from(anchorHash(anchor), 'hex'),
      signed?.keyId ?? null,
      signed?.signature ?? null,
      new Date(anchor.recordedAt),
    ]);
  }

  async addKey({ keyId, publicKey }: Signer, now: Instant): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO anchor_keys (key_id, public_key, recorded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [keyId, publicKey, new Date(now)],
    );
  }

  async keys(): Promise<
    readonly { readonly keyId: string; readonly publicKey: string; readonly recordedAt: Instant }[]
  > {
    const rows = await this.dataSource.query<Row[]>(
      'SELECT k.* FROM anchor_keys k ORDER BY k.recorded_at, k.key_id',
    );
    return rows.map((row) => ({
      keyId: row['key_id'] as string,
      publicKey: row['public_key'] as string,
      recordedAt: (row['recorded_at'] as Date).getTime(),
    }));
  }

  /** Anchors before a day, newest first. */
  async page(
    programmeId: ProgrammeId,
    before: LocalDate | null,
    limit: number,
  ): Promise<readonly StoredAnchor[]> {
    const rows = await this.dataSource.query<Row[]>(PAGE, [idToUuid(programmeId), before, limit]);
    return rows.map(readAnchor);
  }
}

function readHead(row: Row): AccountHead {
  return {
    accountUuid: row['account_id'] as string,
    sequence: Number(row['sequence']),
    hash: (row['hash'] as Buffer).toString('hex'),
  };
}

/** A row of `anchors`. */
export function readAnchor(row: Row): StoredAnchor {
  const keyId = row['key_id'] as string | null;
  return {
    programmeId: uuidToId('prg', row['programme_id'] as string),
    day: row['day'] as string,
    cutOff: (row['cut_off'] as Date).getTime(),
    accounts: Number(row['accounts']),
    digest: (row['digest'] as Buffer).toString('hex'),
    previousHash: (row['previous_hash'] as Buffer).toString('hex'),
    hash: (row['hash'] as Buffer).toString('hex'),
    signed: keyId === null ? null : { keyId, signature: row['signature'] as Buffer },
    recordedAt: (row['recorded_at'] as Date).getTime(),
  };
}
