import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { eventCatalogue, jobs, definition as allRules, targetResolvers } from './composition.js';
import { ActivitiesModule } from './activities/index.js';
import { ActivityTypesModule } from './activity-types/index.js';
import { AdjustmentsModule } from './adjustments/index.js';
import { AuditModule } from './audit/index.js';
import { ChangeRequestsModule } from './change-requests/index.js';
import { ConditionsModule } from './conditions/index.js';
import { BudgetsModule } from './budgets/index.js';
import { CampaignsModule } from './campaigns/index.js';
import { EarningModule } from './earning/index.js';
import { EventCatalogue, EventsModule } from './events/index.js';
import { FinanceModule } from './finance/index.js';
import { HouseholdsModule } from './households/index.js';
import { ApiKeyEntity, KeysModule } from './keys/index.js';
import { ANNOUNCE_DAYS, LedgerModule } from './ledger/index.js';
import { ANCHORING, IntegrityModule, type AnchorSigning } from './integrity/index.js';
import { MemberEntity, MemberIdentityEntity, MembersModule } from './members/index.js';
import { AuditEntryEntity } from './platform/audit/audit-entry.entity.js';
import { KeyGuard } from './platform/http/key.guard.js';
import { NothingElseGuard } from './platform/http/nothing-else.guard.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ValidationPipe } from './platform/http/validation.js';
import { OpeningsModule } from './openings/index.js';
import { PlatformModule, type PlatformParts } from './platform/platform.module.js';
import { ConfigVersionEntity } from './platform/versioned-config/config-version.entity.js';
import { ProgrammeEntity } from './platform/versioned-config/programme.entity.js';
import { ProgrammeFileModule } from './programme-file/index.js';
import { announceExpiryDays, ProgrammesModule } from './programmes/index.js';
import { PurchasesModule } from './purchases/index.js';
import { CalendarModule } from './calendar/index.js';
import { PromotionGiftsModule } from './promotion-gifts/index.js';
import { RedemptionsModule } from './redemptions/index.js';
import { SIMULATOR, SimulationsModule, SimulatorHere, type Simulator } from './simulations/index.js';
import { RegistrationsModule } from './registrations/index.js';
import { TiersModule } from './tiers/index.js';
import { TermsModule } from './terms/index.js';
import { TransfersModule } from './transfers/index.js';
import { UndoModule } from './undo/index.js';

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
  static with({
    anchorSigning = { state: 'unsigned', reason: 'No key was given.' },
    definition = allRules,
    simulator,
    ...parts
  }: Omit<PlatformParts, 'definition' | 'targetResolvers' | 'jobs'> & {
    readonly anchorSigning?: AnchorSigning | undefined;
    readonly definition?: PlatformParts['definition'] | undefined;
    /** Where simulations are carried out; default in this thread. */
    readonly simulator?: Simulator | undefined;
  }): DynamicModule {
    const anchoring = { signing: anchorSigning, background: parts.background };
    return {
      module: AppModule,
      imports: [
        PlatformModule.with({ ...parts, definition, targetResolvers, jobs }),
        KeysModule,
        ProgrammesModule,
        ProgrammeFileModule,
        MembersModule,
        PurchasesModule,
        ActivityTypesModule,
        ActivitiesModule,
        BudgetsModule,
        CampaignsModule,
        RegistrationsModule,
        EarningModule,
        AuditModule,
        ChangeRequestsModule,
        ConditionsModule,
        LedgerModule,
        IntegrityModule,
        FinanceModule,
        OpeningsModule,
        TiersModule,
        TermsModule,
        RedemptionsModule,
        CalendarModule,
        PromotionGiftsModule,
        AdjustmentsModule,
        UndoModule,
        TransfersModule,
        HouseholdsModule,
        EventsModule,
        SimulationsModule,
        { module: EventCatalogueModule, global: true },
        {
          module: HandedInModule,
          global: true,
          providers: [
            { provide: ANCHORING, useValue: anchoring },
            { provide: ANNOUNCE_DAYS, useValue: announceExpiryDays },
            {
              provide: SIMULATOR,
              useValue: simulator ?? new SimulatorHere(parts.dataSource, definition, parts.clock),
            },
          ],
          exports: [ANCHORING, ANNOUNCE_DAYS, SIMULATOR],
        },
      ],
      providers: [
        { provide: APP_GUARD, useClass: KeyGuard },
        // After the key: a request without one learns nothing of the route.
        { provide: APP_GUARD, useClass: NothingElseGuard },
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

/**
 * What the root hands to modules: whether and with which key the installation signs anchors, a rule of the programmes
 * for the ledger, which knows no module, and where simulations are carried out.
 */
@Module({})
class HandedInModule {}
