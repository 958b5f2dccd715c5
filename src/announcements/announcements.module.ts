import { Module } from '@nestjs/common';
import { ExpiryAnnouncer } from './expiry-announcer.js';

@Module({ providers: [ExpiryAnnouncer], exports: [ExpiryAnnouncer] })
export class AnnouncementsModule {}
