import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { EventsController } from './events.controller.js';
import { ListenersController } from './listeners.controller.js';
import { MemberEventsController } from './member-events.controller.js';

@Module({
  imports: [MembersModule],
  controllers: [EventsController, MemberEventsController, ListenersController, DeadLettersController],
})
export class EventsModule {}
