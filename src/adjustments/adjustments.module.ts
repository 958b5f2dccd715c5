import { Module } from '@nestjs/common';
import { PurchasesModule } from '../purchases/index.js';
import { Adjusting } from './adjusting.service.js';
import { AdjustmentQuery } from './adjustment.query.js';
import { AdjustmentReasonsController } from './adjustment-reasons.controller.js';
import { AdjustmentsController } from './adjustments.controller.js';
import { CorrectionFinisher } from './correction-finisher.js';
import { PointsElsewhereQuery } from './points-elsewhere.query.js';
import { LotAdjustmentsController } from './lot-adjustments.controller.js';

@Module({
  imports: [PurchasesModule],
  controllers: [AdjustmentsController, AdjustmentReasonsController, LotAdjustmentsController],
  providers: [Adjusting, AdjustmentQuery, CorrectionFinisher, PointsElsewhereQuery],
  exports: [CorrectionFinisher],
})
export class AdjustmentsModule {}
