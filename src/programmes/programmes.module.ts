import { Module } from '@nestjs/common';
import { ProgrammeStore } from './programme.store.js';
import { ProgrammesController } from './programmes.controller.js';

@Module({ controllers: [ProgrammesController], providers: [ProgrammeStore], exports: [ProgrammeStore] })
export class ProgrammesModule {}
