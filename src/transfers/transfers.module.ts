import { Module } from '@nestjs/common';
import { TransferQuery } from './transfer.query.js';
import { TransfersController } from './transfers.controller.js';

@Module({ controllers: [TransfersController], providers: [TransferQuery] })
export class TransfersModule {}
