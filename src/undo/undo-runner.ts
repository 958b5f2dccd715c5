import { Inject, Injectable, Logger } from '@nestjs/common';
import type { IdSource } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { engineCommand } from '../platform/jobs/engine-command.js';
import { Pipeline, type Outcome, type Target } from '../platform/pipeline/index.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import {
  undoGrants,
  UndoableReceiptsQuery,
  type ReceiptPosition,
  type UndoableReceipt,
  type UndoGrantsBody,
} from '../purchases/index.js';
import { UndoStore, type RunningUndo } from './undo.store.js';

/** Receipts between two notes of how far an undo is, and between two looks at whether it was cancelled. */
const STEP = 50;
/** Receipts at a time. */
const AT_ONCE = 8;
/** From this status on a refusal is no answer about the receipt, and the run is repeated. */
const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** Carries undos out, receipt by receipt. */
@Injectable()
export class UndoRunner {
  private readonly logger = new Logger(UndoRunner.name);

  constructor(
    private readonly undos: UndoStore,
    private readonly receipts: UndoableReceiptsQuery,
    private readonly pipeline: Pipeline,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Goes on with every undo that runs. @param signal ends it after the receipts under way. */
  async runAll(signal: AbortSignal): Promise<void> {
    for (const undo of await this.undos.running()) {
      if (signal.aborted) return;
      await this.run(undo, signal);
    }
  }

  private async run(undo: RunningUndo, signal: AbortSignal): Promise<void> {
    let cursor = undo.cursor;
    for (;;) {
      const page = await this.receipts.page(undo.programmeId, undo, cursor);
      for (let first = 0; first < page.receipts.length; first += STEP) {
        if (signal.aborted) return;
        const part = page.receipts.slice(first, first + STEP);
        const refused = await this.takeBack(undo, part);
        const last = part.at(-1) as UndoableReceipt;
        const reached = { at: last.occurredAt, purchaseId: last.purchaseId };
        if (!(await this.note(undo, cursor, reached, refused))) return;
        cursor = reached;
      }
      if (page.next === null) return this.undos.finish(undo.undoId, this.clock.now());
      if (signal.aborted || !(await this.note(undo, cursor, page.next, 0))) return;
      cursor = page.next;
    }
  }

  private note(
    { undoId }: RunningUndo,
    before: ReceiptPosition | null,
    cursor: ReceiptPosition,
    refused: number,
  ): Promise<boolean> {
    return this.undos.advance(undoId, before, { refused, cursor });
  }

  /** @returns of how many receipts the points were refused to be taken. */
  private async takeBack(undo: RunningUndo, receipts: readonly UndoableReceipt[]): Promise<number> {
    let refused = 0;
    for (let first = 0; first < receipts.length; first += AT_ONCE) {
      await this.pipeline.whenRoom();
      const some = receipts.slice(first, first + AT_ONCE);
      const done = await Promise.all(some.map((receipt) => this.ofReceipt(undo, receipt)));
      refused += done.filter((isDone) => !isDone).length;
    }
    return refused;
  }

  /** Other accounts first: what they lack then is the buyer's. */
  private async ofReceipt(undo: RunningUndo, receipt: UndoableReceipt): Promise<boolean> {
    const { purchaseId, accountId, memberId, places } = receipt;
    let later = places.reduce((sum, { points }) => sum + points, 0);
    for (const place of places) {
      later -= place.points;
      const about = { kind: 'purchase', id: purchaseId } as const;
      if (!(await this.send(undo, receipt, { accountId: place.accountId }, later, about))) return false;
    }
    return this.send(undo, receipt, { accountId, memberId }, 0);
  }

  private async send(
    { undoId, programmeId, rule }: RunningUndo,
    { purchaseId, occurredAt, lotIds }: UndoableReceipt,
    target: Pick<UndoableReceipt, 'accountId'> & Partial<Pick<UndoableReceipt, 'memberId'>>,
    later: number,
    counterparty?: Target,
  ): Promise<boolean> {
    const body: UndoGrantsBody = {
      ...{ undoId, purchaseId, rule, later, named: [purchaseId, ...lotIds] },
      ...{ measuresAt: occurredAt, wholeStanding: true },
    };
    const said = engineCommand(undoGrants.type, { programmeId, ...target }, this.ids, body, counterparty);
    const outcome: Outcome = await this.pipeline.submit(said);
    if (outcome.kind === 'answered') return true;
    const { code, status, detail } = outcome.problem;
    if (status >= SERVER_ERROR || status === TOO_MANY_REQUESTS) throw new Error(`${code}: ${detail}`);
    this.logger.warn({ message: 'points of a receipt could not be taken back', undoId, purchaseId, code });
    return false;
  }
}
