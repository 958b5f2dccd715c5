import { Module } from '@nestjs/common';
import { ActivityTypesController } from './activity-types.controller.js';

@Module({ controllers: [ActivityTypesController] })
export class ActivityTypesModule {}
