import { Module } from '@nestjs/common';
import { RedemptionListController } from './redemption-list.controller.js';
import { RedemptionQuery } from './redemption.query.js';
import { RedemptionsController } from './redemptions.controller.js';
import { RewardStockStore } from './reward-stock.store.js';
import { RewardsController } from './rewards.controller.js';

@Module({
  controllers: [RedemptionListController, RedemptionsController, RewardsController],
  providers: [RedemptionQuery, RewardStockStore],
  exports: [RewardStockStore],
})
export class RedemptionsModule {}
