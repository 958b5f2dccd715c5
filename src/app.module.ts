import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { eventCatalogue, rules, targetResolvers } from './composition.js';
import { EarningModule } from './earning/index.js';
import { EventCatalogue, EventsModule } from './events/index.js';
import { FinanceModule } from './finance/index.js';
import { ApiKeyEntity, KeysModule } from './keys/index.js';
import { LedgerModule } from './ledger/index.js';
import { MemberEntity, MemberIdentityEntity, MembersModule } from './members/index.js';
import { AuditEntryEntity } from './platform/audit/audit-entry.entity.js';
import { KeyGuard } from './platform/http/key.guard.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ValidationPipe } from './platform/http/validation.js';
import { PlatformModule, type PlatformParts } from './platform/platform.module.js';
import { ConfigVersionEntity } from './platform/versioned-config/config-version.entity.js';
import { ProgrammeEntity } from './platform/versioned-config/programme.entity.js';
import { ProgrammesModule } from './programmes/index.js';
import { PurchasesModule } from './purchases/index.js';
import { RedemptionsModule } from './redemptions/index.js';
import { TiersModule } from './tiers/index.js';

/** What TypeORM maps: configuration and members. The pipeline writes everything else. */
export const entities = [
  ApiKeyEntity,
  AuditEntryEntity,
  ConfigVersionEntity,
  MemberEntity,
  MemberIdentityEntity,
  ProgrammeEntity,
];

/** The whole engine, put together. */
@Module({})
export class AppModule {
  static with(parts: Omit<PlatformParts, 'rules' | 'targetResolvers'>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with({ ...parts, rules, targetResolvers }),
        KeysModule,
        ProgrammesModule,
        MembersModule,
        PurchasesModule,
        EarningModule,
        LedgerModule,
        FinanceModule,
        TiersModule,
        RedemptionsModule,
        EventsModule,
        { module: EventCatalogueModule, global: true },
      ],
      providers: [
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/** The catalogue is gathered from all modules, so only the root can offer it. */
@Module({
  providers: [{ provide: EventCatalogue, useValue: eventCatalogue }],
  exports: [EventCatalogue],
})
class EventCatalogueModule {}
