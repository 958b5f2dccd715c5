import { Module } from '@nestjs/common';
import { MergesController } from './merges.controller.js';

@Module({ controllers: [MergesController] })
export class MergesModule {}
