import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditQuery } from './audit.query.js';

/** The audit log: what changed configuration, keys, members and adjustments, and which key did it. */
@Module({ controllers: [AuditController], providers: [AuditQuery] })
export class AuditModule {}
