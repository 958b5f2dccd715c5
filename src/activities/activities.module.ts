import { Module } from '@nestjs/common';
import { ActivitiesController } from './activities.controller.js';
import { ActivityQuery } from './activity.query.js';

@Module({ controllers: [ActivitiesController], providers: [ActivityQuery] })
export class ActivitiesModule {}
