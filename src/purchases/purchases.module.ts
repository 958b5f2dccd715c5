import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { PurchaseEventsController } from './purchase-events.controller.js';
import { PurchaseListQuery } from './purchase-list.query.js';
import { PurchaseListsController } from './purchase-lists.controller.js';
import { PurchaseBatch } from './purchase-batch.js';
import { PurchaseQuery } from './purchase.query.js';
import { PurchasesController } from './purchases.controller.js';
import { ReturnLookup } from './return-lookup.query.js';
import { ReturnQuery } from './return.query.js';
import { ReturnsController } from './returns.controller.js';
import { TerminalSequencesController } from './terminal-sequences.controller.js';
import { TerminalSequenceQuery } from './terminal-sequences.query.js';
import { UndoableReceiptsQuery } from './undoable-receipts.query.js';
import { UnmatchedReceiptStore } from './unmatched-receipt.store.js';
import { UnmatchedReceiptsController } from './unmatched-receipts.controller.js';
import { UnmatchedReceipts } from './unmatched-receipts.service.js';

@Module({
  imports: [MembersModule],
  controllers: [
    PurchaseEventsController,
    PurchaseListsController,
    PurchasesController,
    UnmatchedReceiptsController,
    ReturnsController,
    TerminalSequencesController,
  ],
  providers: [
    PurchaseBatch,
    PurchaseListQuery,
    PurchaseQuery,
    ReturnLookup,
    ReturnQuery,
    TerminalSequenceQuery,
    UndoableReceiptsQuery,
    UnmatchedReceiptStore,
    UnmatchedReceipts,
  ],
  exports: [ReturnLookup, UndoableReceiptsQuery],
})
export class PurchasesModule {}
