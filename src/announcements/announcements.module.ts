import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { ExpiryAnnouncer } from './expiry-announcer.js';

@Module({ imports: [LedgerModule], providers: [ExpiryAnnouncer], exports: [ExpiryAnnouncer] })
export class AnnouncementsModule {}
