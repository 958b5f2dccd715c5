import { StatusPoints1764000000559 } from './1764000000559-status-points.js';
import { ConditionalPurchasePoints1764000000450 } from './1764000000450-conditional-purchase-points.js';
import { Spine1764000000000 } from './1764000000000-spine.js';
import { ApplicationRole1764000000001 } from './1764000000001-application-role.js';
import { WholeLedger1764000000002 } from './1764000000002-whole-ledger.js';
import { EarningCounters1764000000003 } from './1764000000003-earning-counters.js';
import { Returns1764000000004 } from './1764000000004-returns.js';
import { Redemptions1764000000005 } from './1764000000005-redemptions.js';
import { Adjustments1764000000006 } from './1764000000006-adjustments.js';
import { Households1764000000007 } from './1764000000007-households.js';
import { Anchors1764000000008 } from './1764000000008-anchors.js';
import { Announcements1764000000009 } from './1764000000009-announcements.js';
import { RowTypes1764000000010 } from './1764000000010-row-types.js';
import { CheaperPurchases1764000000011 } from './1764000000011-cheaper-purchases.js';
import { FrontOfLots1764000000012 } from './1764000000012-front-of-lots.js';
import { Instants1764000000100 } from './1764000000100-instants.js';
import { StatusChanges1764000000121 } from './1764000000121-status-changes.js';
import { Closings1764000000125 } from './1764000000125-closings.js';
import { PostingDates1764000000140 } from './1764000000140-posting-dates.js';
import { Corrections1764000000141 } from './1764000000141-corrections.js';
import { CorrectionsElsewhere1764000000145 } from './1764000000145-corrections-elsewhere.js';
import { AppliedMigrations1764000000150 } from './1764000000150-applied-migrations.js';
import { Seals1764000000160 } from './1764000000160-seals.js';
import { CostsOfHistory1764000000170 } from './1764000000170-costs-of-history.js';
import { LotsAtHand1764000000171 } from './1764000000171-lots-at-hand.js';
import { MakersOfKeys1764000000180 } from './1764000000180-makers-of-keys.js';
import { Fraud1764000000200 } from './1764000000200-fraud.js';
import { IdentityForms1764000000230 } from './1764000000230-identity-forms.js';
import { LinesOfKeys1764000000260 } from './1764000000260-lines-of-keys.js';
import { Refunds1764000000300 } from './1764000000300-refunds.js';
import { DebtHistory1764000000201 } from './1764000000201-debt-history.js';
import { Actors1764000000261 } from './1764000000261-actors.js';
import { RowsWithoutSeal1764000000340 } from './1764000000340-rows-without-seal.js';
import { Lists1764000000262 } from './1764000000262-lists.js';
import { Grace1764000000202 } from './1764000000202-grace.js';
import { InterruptedCorrections1764000000370 } from './1764000000370-interrupted-corrections.js';
import { Jobs1764000000390 } from './1764000000390-jobs.js';
import { PlannedAvailability1764000000341 } from './1764000000341-planned-availability.js';
import { EventPositions1764000000400 } from './1764000000400-event-positions.js';
import { Listeners1764000000401 } from './1764000000401-listeners.js';
import { WriteBarriers1764000000402 } from './1764000000402-write-barriers.js';
import { CausesOfTierChanges1764000000410 } from './1764000000410-causes-of-tier-changes.js';
import { CalendarGifts1764000000480 } from './1764000000480-calendar-gifts.js';
import { PromotionGifts1764000000481 } from './1764000000481-promotion-gifts.js';
import { SourcesOfLots1764000000440 } from './1764000000440-sources-of-lots.js';
import { QualifyingYears1764000000460 } from './1764000000460-qualifying-years.js';
import { MilestoneSteps1764000000461 } from './1764000000461-milestone-steps.js';
import { Activities1764000000470 } from './1764000000470-activities.js';
import { Campaigns1764000000471 } from './1764000000471-campaigns.js';
import { Budgets1764000000490 } from './1764000000490-budgets.js';
import { TerminalReceipts1764000000491 } from './1764000000491-terminal-receipts.js';
import { UnmatchedReceipts1764000000492 } from './1764000000492-unmatched-receipts.js';
import { TierPlaces1764000000530 } from './1764000000530-tier-places.js';
import { TierTransitions1764000000531 } from './1764000000531-tier-transitions.js';
import { Simulations1764000000501 } from './1764000000501-simulations.js';

/** Every migration in order. A merged one is never edited. */ import { ActsOnConfiguration1764000000510 } from './1764000000510-acts-on-configuration.js';
import { ChangeRequests1764000000511 } from './1764000000511-change-requests.js';
import { Undos1764000000512 } from './1764000000512-undos.js';

export const migrations = [
  Spine1764000000000,
  ApplicationRole1764000000001,
  WholeLedger1764000000002,
  EarningCounters1764000000003,
  Returns1764000000004,
  Redemptions1764000000005,
  Adjustments1764000000006,
  Households1764000000007,
  Anchors1764000000008,
  Announcements1764000000009,
  RowTypes1764000000010,
  CheaperPurchases1764000000011,
  FrontOfLots1764000000012,
  Instants1764000000100,
  StatusChanges1764000000121,
  Closings1764000000125,
  PostingDates1764000000140,
  Corrections1764000000141,
  CorrectionsElsewhere1764000000145,
  AppliedMigrations1764000000150,
  Seals1764000000160,
  CostsOfHistory1764000000170,
  LotsAtHand1764000000171,
  MakersOfKeys1764000000180,
  Fraud1764000000200,
  IdentityForms1764000000230,
  LinesOfKeys1764000000260,
  DebtHistory1764000000201,
  Actors1764000000261,
  Refunds1764000000300,
  RowsWithoutSeal1764000000340,
  Lists1764000000262,
  Grace1764000000202,
  PlannedAvailability1764000000341,
  Jobs1764000000390,
  EventPositions1764000000400,
  InterruptedCorrections1764000000370,
  Listeners1764000000401,
  WriteBarriers1764000000402,
  CausesOfTierChanges1764000000410,
  SourcesOfLots1764000000440,
  ActsOnConfiguration1764000000510,
  QualifyingYears1764000000460,
  Activities1764000000470,
  ChangeRequests1764000000511,
  ConditionalPurchasePoints1764000000450,
  Budgets1764000000490,
  CalendarGifts1764000000480,
  TierPlaces1764000000530,
  TierTransitions1764000000531,
  TerminalReceipts1764000000491,
  MilestoneSteps1764000000461,
  Undos1764000000512,
  UnmatchedReceipts1764000000492,
  Simulations1764000000501,
  PromotionGifts1764000000481,
  StatusPoints1764000000559,
  Campaigns1764000000471,
];
