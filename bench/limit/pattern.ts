import { idToUuid, type AccountId, type MemberId, type PurchaseId } from '../../src/kernel/ids.js';
import { ApiClient } from '../../test/harness/api-client.js';
import { receiptOf } from '../load/receipt.js';
import { startEngine } from '../stage/engine-server.js';
import type { Stage } from '../stage/stage.js';
import { rowsWrittenBy, type WrittenTable } from './written-rows.js';

/** A purchase as the engine wrote it, to be done again by others. Ids are uuids. */
export interface Pattern {
  readonly programmeId: string;
  readonly accountId: string;
  readonly memberId: string;
  readonly receiptNo: string;
  readonly tables: readonly WrittenTable[];
}

/** Receipts of the same member that day before the one that counts: its tier and its day's row are there by then. */
const RECEIPTS_BEFORE = 12;
/** As long as the numbers that follow it, so that rows are as large. */
export const FIRST_NUMBER = 10_000_000_000_000;
const SOURCE = 'limit';

interface Answer {
  readonly id: PurchaseId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly tierChange: unknown;
}

/** Has an engine record receipts in a copy of a stage, and looks at what the last of them wrote. */
export async function patternOf(copy: Stage): Promise<Pattern> {
  const engine = await startEngine(copy.databaseUrl);
  try {
    const api = new ApiClient(engine.url, copy.key);
    const record = async (number: number): Promise<Answer> => {
      const text = receiptOf(SOURCE, number, 0, new Date().toISOString());
      const answer = await api.raw('POST', '/v1/purchases', text, 'application/json');
      if (answer.status !== 201) throw new Error(`the engine answered ${answer.status}: ${answer.text}`);
      return answer.body as Answer;
    };
    for (let before = RECEIPTS_BEFORE; before > 0; before -= 1) await record(FIRST_NUMBER - before);
    let answer = await record(FIRST_NUMBER - RECEIPTS_BEFORE - 1);
    const tables = await rowsWrittenBy(copy.databaseUrl, async () => {
      answer = await record(FIRST_NUMBER);
      return idToUuid(answer.id);
    });
    if (answer.tierChange !== null)
      throw new Error('the purchase to be copied changed the tier, which few do');
    return {
      programmeId: idToUuid(copy.programmeId),
      accountId: idToUuid(answer.accountId),
      memberId: idToUuid(answer.memberId),
      receiptNo: String(FIRST_NUMBER),
      tables,
    };
  } finally {
    await engine.stop();
  }
}
