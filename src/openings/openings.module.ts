import { Module } from '@nestjs/common';
import { FinanceModule } from '../finance/index.js';
import { OpeningsController } from './openings.controller.js';
import { OpeningsQuery } from './openings.query.js';
import { Openings } from './openings.service.js';

@Module({
  imports: [FinanceModule],
  controllers: [OpeningsController],
  providers: [Openings, OpeningsQuery],
})
export class OpeningsModule {}
