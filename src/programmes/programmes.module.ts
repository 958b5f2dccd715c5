import { Global, Module } from '@nestjs/common';
import { KEY_AUTHENTICATOR } from '../platform/tokens.js';
import { Callers } from './callers.js';
import { ProgrammePoliciesController } from './programme-policies.controller.js';
import { ProgrammeStore } from './programme.store.js';
import { ProgrammesController } from './programmes.controller.js';

/** Programmes; global, because the guard of every route looks up the caller's programme. */
@Global()
@Module({
  controllers: [ProgrammesController, ProgrammePoliciesController],
  providers: [ProgrammeStore, Callers, { provide: KEY_AUTHENTICATOR, useExisting: Callers }],
  exports: [ProgrammeStore, KEY_AUTHENTICATOR],
})
export class ProgrammesModule {}
