import { Global, Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { ChangeRequestStore } from './change-request.store.js';
import { ChangeRequestsController } from './change-requests.controller.js';
import { ChangeSubjects } from './change-subject.js';
import { PublicationSubject } from './publication.subject.js';

/** Changes that wait for a second person; global, so that each module can add its kinds of change. */
@Global()
@Module({
  imports: [KeysModule],
  controllers: [ChangeRequestsController],
  providers: [ChangeRequestStore, ChangeSubjects, PublicationSubject],
  exports: [ChangeRequestStore, ChangeSubjects],
})
export class ChangeRequestsModule {}
