import { Module } from '@nestjs/common';
import { PurchaseBatch } from './purchase-batch.js';
import { PurchaseQuery } from './purchase.query.js';
import { PurchasesController } from './purchases.controller.js';

@Module({ controllers: [PurchasesController], providers: [PurchaseBatch, PurchaseQuery] })
export class PurchasesModule {}
