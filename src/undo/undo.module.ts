import { Module } from '@nestjs/common';
import { PurchasesModule } from '../purchases/index.js';
import { UndoPlanner } from './undo-planner.js';
import { UndoRunner } from './undo-runner.js';
import { UndoStore } from './undo.store.js';
import { UndoSubject } from './undo.subject.js';
import { UndosController } from './undos.controller.js';

@Module({
  imports: [PurchasesModule],
  controllers: [UndosController],
  providers: [UndoPlanner, UndoRunner, UndoStore, UndoSubject],
  exports: [UndoRunner],
})
export class UndoModule {}
