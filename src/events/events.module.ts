import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { EventsController } from './events.controller.js';
import { MemberEventsController } from './member-events.controller.js';

@Module({ imports: [MembersModule], controllers: [EventsController, MemberEventsController] })
export class EventsModule {}
