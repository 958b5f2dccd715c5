import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { CalendarController } from './calendar.controller.js';
import { CalendarGiftsQuery } from './calendar-gifts.query.js';
import { CalendarPlanStore } from './calendar-plans.store.js';
import { CalendarPlanner } from './calendar-planner.js';

@Module({
  imports: [MembersModule],
  controllers: [CalendarController],
  providers: [CalendarGiftsQuery, CalendarPlanStore, CalendarPlanner],
})
export class CalendarModule {}
