import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { PromotionGiftsController } from './promotion-gifts.controller.js';
import { PromotionGiftsQuery } from './promotion-gifts.query.js';

@Module({
  imports: [MembersModule],
  controllers: [PromotionGiftsController],
  providers: [PromotionGiftsQuery],
})
export class PromotionGiftsModule {}
