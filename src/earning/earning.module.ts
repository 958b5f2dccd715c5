import { Module } from '@nestjs/common';
import { EarningRulesController } from './earning-rules.controller.js';

@Module({ controllers: [EarningRulesController] })
export class EarningModule {}
