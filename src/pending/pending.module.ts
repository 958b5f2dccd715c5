import { Module } from '@nestjs/common';
import { PurchaseEventsController } from './purchase-events.controller.js';

@Module({ controllers: [PurchaseEventsController] })
export class PendingModule {}
