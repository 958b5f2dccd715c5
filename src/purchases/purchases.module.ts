import { Module } from '@nestjs/common';
import { PurchaseBatch } from './purchase-batch.js';
import { PurchaseQuery } from './purchase.query.js';
import { PurchasesController } from './purchases.controller.js';
import { ReturnLookup } from './return-lookup.query.js';
import { ReturnQuery } from './return.query.js';
import { ReturnsController } from './returns.controller.js';

@Module({
  controllers: [PurchasesController, ReturnsController],
  providers: [PurchaseBatch, PurchaseQuery, ReturnLookup, ReturnQuery],
  exports: [ReturnLookup],
})
export class PurchasesModule {}
