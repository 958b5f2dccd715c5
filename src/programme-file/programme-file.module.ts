import { Module } from '@nestjs/common';
import { ProgrammePlans } from './plan.service.js';
import { ProgrammeFileController } from './programme-file.controller.js';

/** A programme's configuration as a file that can be read, compared and brought to another installation. */
@Module({
  controllers: [ProgrammeFileController],
  providers: [ProgrammePlans],
})
export class ProgrammeFileModule {}
