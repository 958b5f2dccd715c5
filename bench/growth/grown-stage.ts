import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { idToUuid } from '../../src/kernel/ids.js';
import { patternOf, type Pattern } from '../limit/pattern.js';
import { openStage } from '../stage/open-stage.js';
import { query, type BenchServer } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';
import { grow } from './grow.js';
import { USUAL_RECENT, type HistoryOptions } from './history-plan.js';

/** Members of the stage that is grown: they keep the receipts that the engine wrote for them. */
const FIRST_MEMBERS = 1;
/** What a lot with its two movements, a member and a receipt's body take on the disk, indexes included. */
const BYTES_A_LOT = 1_450;
const BYTES_A_MEMBER = 780;
const BYTES_A_BODY = 2_200;
/** Left for the log, for sorting, and for what the measurements write. */
const SPARE_BYTES = 20e9;

export interface GrownOptions extends Omit<
  HistoryOptions,
  'programmeId' | 'prefix' | 'firstMember' | 'others'
> {
  readonly database: string;
  /**
   * Whether the limit will be measured on it, too. The second half of the members is then of another programme, for
   * the limit: what it writes belongs to no chain, and `verify` is asked about one programme.
   */
  readonly withLimit?: boolean;
}

export interface GrownStage extends Stage {
  /** What a purchase of the engine writes; null unless the limit is to do the same. */
  readonly pattern: Pattern | null;
}

/**
 * A stage whose members from the second on have a history: the product prepares a programme and a first member, the
 * loader does the rest.
 *
 * @throws Error when the disk has no room for it
 */
export async function openGrownStage(server: BenchServer, options: GrownOptions): Promise<GrownStage> {
  const { database, members, lots, withLimit = false, log = () => undefined } = options;
  await requireRoom(options);
  const stage = await openStage(server, { database, members: FIRST_MEMBERS });
  const pattern = withLimit ? await patternOf(stage) : null;
  const others = withLimit ? { programme: await otherProgramme(stage), from: members / 2 } : undefined;
  const grown = await grow(stage.databaseUrl, {
    ...options,
    programmeId: stage.programmeId,
    members: members - FIRST_MEMBERS,
    firstMember: FIRST_MEMBERS,
    ...(others ? { others } : {}),
  });
  const gigabytes = (grown.bytes / 1e9).toFixed(1);
  log(`${database}: ${members} members, ${lots} lots, ${gigabytes} GB in ${grown.seconds.toFixed(0)} s`);
  return { ...stage, members, pattern };
}

/** Another programme of the same kind without any configuration. @returns its uuid. */
async function otherProgramme({ databaseUrl, programmeId }: Stage): Promise<string> {
  const uuid = randomUUID();
  await query(
    databaseUrl,
    `INSERT INTO programmes SELECT (jsonb_populate_record(p, jsonb_build_object('programme_id', $2::text))).*
     FROM programmes p WHERE p.programme_id = $1`,
    [idToUuid(programmeId), uuid],
  );
  return uuid;
}

/** How many bytes a stage will take. */
function bytesOf({ members, lots, recentReceipts = USUAL_RECENT }: HistorySize): number {
  return lots * BYTES_A_LOT + members * BYTES_A_MEMBER + Math.min(lots, recentReceipts) * BYTES_A_BODY;
}

type HistorySize = Pick<HistoryOptions, 'members' | 'lots' | 'recentReceipts'>;

/** @throws Error when what is free where temporary files lie is not enough */
async function requireRoom(size: HistorySize): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const [free, needed] = [bavail * bsize, bytesOf(size) + SPARE_BYTES];
  if (free >= needed) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(0)} GB`;
  throw new Error(
    `${size.members} members with ${size.lots} lots want ${gigabytes(needed)} in ${tmpdir()}, where ${gigabytes(free)} are free: choose fewer, or another TMPDIR`,
  );
}
