import { Module } from '@nestjs/common';
import { TermsController } from './terms.controller.js';

/** The terms of a programme in plain words. */
@Module({ controllers: [TermsController] })
export class TermsModule {}
