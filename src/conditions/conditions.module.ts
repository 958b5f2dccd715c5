import { Module } from '@nestjs/common';
import { ConditionsController } from './conditions.controller.js';

/** The language of conditions: what may be read in it, and whether a text is one. */
@Module({ controllers: [ConditionsController] })
export class ConditionsModule {}
