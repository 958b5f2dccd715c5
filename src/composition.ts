import type { DomainEventType } from './kernel/domain-events.js';
import type { JsonSchema } from './kernel/public-event.js';
import { groupBy } from './kernel/group-by.js';
import {
  activitiesSlice,
  activityEvents,
  activitySchemas,
  activityTarget,
  cancelActivity,
  recordActivity,
} from './activities/index.js';
import { activityTypeSchemas } from './activity-types/index.js';
import {
  adjust,
  adjustmentEvents,
  adjustmentSchemas,
  adjustmentsSlice,
  adjustmentTarget,
  approvalUsesSlice,
  approveAdjustment,
  rejectAdjustment,
  takeElsewhere,
  finishCorrectionsJob,
} from './adjustments/index.js';
import { auditReactors, auditSchemas, auditSlice } from './audit/index.js';
import { budgetEvents, budgetSchemas, budgetStatesSlice, budgetUsesSlice } from './budgets/index.js';
import { campaignSchemas, placesSlice, placeUsesSlice, registeredAskedBy } from './campaigns/index.js';
import { changeRequestSchemas } from './change-requests/index.js';
import {
  calendarSchemas,
  calendarSlice,
  carryGifts,
  earnOnCalendar,
  giveGifts,
  planGifts,
  planGiftsJob,
} from './calendar/index.js';
import { conditionSchemas } from './conditions/index.js';
import {
  activityHistorySlice,
  budgetsNamed,
  campaignsOfRules,
  earningCountersSlice,
  earningSchemas,
  earnOnActivity,
  earnOnPurchase,
  carryMilestones,
  historyOfMilestones,
  earnOnRegistration,
  historyOfRules,
  limitsOfOthersSlice,
  milestonesSlice,
  personSlice,
  reachMilestones,
  returnToBudgets,
  returnToBudgetsElsewhere,
  returnToBudgetsOfActivity,
  returnToBudgetsOfPromotion,
  returnToBudgetsOfRegistration,
} from './earning/index.js';
import { EventCatalogue, eventSchemas } from './events/index.js';
import {
  financeSchemas,
  valueActivity,
  valueAwards,
  valueCalendarGift,
  valuePromotionGift,
  valueRegistration,
} from './finance/index.js';
import {
  changeRole,
  createHousehold,
  householdEvents,
  householdSchemas,
  householdsSlice,
  joinHousehold,
  leaveHousehold,
} from './households/index.js';
import { keySchemas } from './keys/index.js';
import {
  announceExpiring,
  announceExpiringJob,
  announcementEvents,
  announcementsSlice,
  debtHistorySlice,
  ledgerEvents,
  ledgerReactors,
  ledgerSchemas,
  ledgerSlice,
  applyDueOfAccount,
  applyDueJob,
} from './ledger/index.js';
import { anchorsJob, integritySchemas, verifyRunsJob } from './integrity/index.js';
import {
  closeMember,
  closingEvents,
  mergeEvents,
  mergeMembers,
  householdMembersSlice,
  memberEvents,
  memberReactors,
  memberSchemas,
  memberSlice,
  membershipSlice,
  memberTargets,
} from './members/index.js';
import { bringIn, openingSchemas } from './openings/index.js';
import type { Job } from './platform/jobs/job.js';
import { jobSchemas } from './platform/jobs/jobs.schemas.js';
import { observabilitySchemas } from './platform/observability/observability.schemas.js';
import { pauseSchemas } from './platform/versioned-config/config-schemas.js';
import {
  registered,
  type AnySlice,
  type CommandHandler,
  type Reactor,
  type EngineDefinition,
  type TargetResolver,
} from './platform/pipeline/index.js';
import {
  carryPromotionGifts,
  earnOnPromotion,
  givePromotionGifts,
  promotionGiftSchemas,
  promotionGiftsSlice,
  recallOnCancellation,
  recallOnExchange,
  recallOnReturn,
  recallOnUndo,
  takeBackGift,
} from './promotion-gifts/index.js';
import { programmeFileSchemas } from './programme-file/index.js';
import { sharedConfigSchemas } from './platform/versioned-config/config-schemas.js';
import { announceExpiryDays, programmeSchemas } from './programmes/index.js';
import {
  claimReceipt,
  exchange,
  findReturn,
  postPurchase,
  postReturn,
  purchaseEvents,
  purchaseEventSchemas,
  purchaseSchemas,
  purchasesSlice,
  purchaseTarget,
  purgeUnmatchedJob,
  reportEvent,
  returnCancelledAwards,
  undoGrants,
  waitingTarget,
} from './purchases/index.js';
import {
  capture,
  captureOnPurchase,
  extendHold,
  holdPoints,
  redeem,
  redemptionEvents,
  redemptionSchemas,
  redemptionsSlice,
  redemptionTarget,
  releasePoints,
  restorePoints,
  reverse,
  rewardStockSlice,
  slideOnCapture,
  usePoints,
  voidHold,
} from './redemptions/index.js';
import {
  applyLaddersJob,
  historyAskedBy,
  measuresOfOthersSlice,
  promoteOnMerge,
  promoteOnPurchase,
  reevaluateOnCancellation,
  reevaluateOnUndo,
  reevaluateOnExchange,
  reevaluateOnReturn,
  standingSlice,
  tellStatusCancelled,
  tellStatusGiven,
  tellStatusReturned,
  tierEvents,
  tierSchemas,
} from './tiers/index.js';
import { simulationSchemas, simulationsJob } from './simulations/index.js';
import { termsSchemas } from './terms/index.js';
import {
  cancelRegistration,
  keepOneOnMerge,
  register,
  registrationEvents,
  registrationSchemas,
  registrationsSlice,
  registrationTarget,
} from './registrations/index.js';
import { sendPoints, transferEvents, transferSchemas, transfersSlice } from './transfers/index.js';
import { undoJob, undoSchemas } from './undo/index.js';

/** Holds lapse before lots expire, so that points given back late expire with the rest. */
const SLICES: readonly AnySlice[] = [
  registered(memberSlice),
  registered(membershipSlice),
  // Redemptions and receipts name lots, which are loaded after them.
  registered(redemptionsSlice),
  registered(purchasesSlice),
  registered(activitiesSlice),
  registered(registrationsSlice),
  registered(ledgerSlice),
  registered(debtHistorySlice),
  registered(rewardStockSlice),
  registered(standingSlice),
  registered(earningCountersSlice),
  registered(personSlice),
  registered(historyAskedBy([historyOfRules, historyOfMilestones])),
  registered(milestonesSlice),
  registered(calendarSlice),
  registered(promotionGiftsSlice),
  registered(announcementsSlice),
  registered(transfersSlice),
  registered(householdsSlice),
  registered(adjustmentsSlice),
  registered(approvalUsesSlice),
  registered(auditSlice),
  registered(householdMembersSlice),
  registered(measuresOfOthersSlice),
  registered(limitsOfOthersSlice),
  registered(activityHistorySlice),
  registered({ ...budgetStatesSlice, keysOf: budgetsNamed }),
  registered(budgetUsesSlice),
  registered(placesSlice),
  registered(placeUsesSlice),
  registered(registeredAskedBy(campaignsOfRules)),
];

/**
 * The order of the chain. Of those on one event the first runs first, with everything it causes: a receipt uses its
 * redemptions, then earns, then may promote, then may reach milestones; then finance values all
 * that was awarded and the ledger opens lots.
 */
const REACTORS: readonly Reactor[] = [
  captureOnPurchase,
  earnOnPurchase,
  earnOnActivity,
  earnOnRegistration,
  giveGifts,
  earnOnCalendar,
  carryGifts,
  valueCalendarGift,
  carryPromotionGifts,
  givePromotionGifts,
  earnOnPromotion,
  valuePromotionGift,
  tellStatusGiven,
  tellStatusReturned,
  tellStatusCancelled,
  promoteOnPurchase,
  promoteOnMerge,
  reevaluateOnReturn,
  reevaluateOnExchange,
  reevaluateOnCancellation,
  reevaluateOnUndo,
  recallOnReturn,
  recallOnExchange,
  recallOnCancellation,
  recallOnUndo,
  takeBackGift,
  reachMilestones,
  carryMilestones,
  valueAwards,
  valueActivity,
  valueRegistration,
  holdPoints,
  usePoints,
  slideOnCapture,
  releasePoints,
  restorePoints,
  returnCancelledAwards,
  returnToBudgets,
  returnToBudgetsElsewhere,
  returnToBudgetsOfActivity,
  returnToBudgetsOfPromotion,
  returnToBudgetsOfRegistration,
  keepOneOnMerge,
  ...ledgerReactors,
  ...memberReactors,
  ...auditReactors,
];

const HANDLERS = [
  postPurchase,
  claimReceipt,
  postReturn,
  findReturn,
  exchange,
  recordActivity,
  cancelActivity,
  register,
  cancelRegistration,
  redeem,
  capture,
  extendHold,
  voidHold,
  reverse,
  reportEvent,
  adjust,
  approveAdjustment,
  rejectAdjustment,
  takeElsewhere,
  undoGrants,
  bringIn,
  sendPoints,
  createHousehold,
  joinHousehold,
  leaveHousehold,
  changeRole,
  mergeMembers,
  closeMember,
  planGifts,
  applyDueOfAccount,
  announceExpiring(announceExpiryDays),
] as readonly CommandHandler[];

const PUBLIC_EVENTS = [
  ...purchaseEvents,
  ...activityEvents,
  ...registrationEvents,
  ...ledgerEvents,
  ...redemptionEvents,
  ...adjustmentEvents,
  ...tierEvents,
  ...announcementEvents,
  ...transferEvents,
  ...householdEvents,
  ...mergeEvents,
  ...closingEvents,
  ...budgetEvents,
];

/** What decisions are made of: every module's handlers, slices and reactors, in their order. */
export const definition: EngineDefinition = {
  handlers: new Map(HANDLERS.map((handler) => [handler.type, handler])),
  slices: SLICES,
  reactors: groupBy<DomainEventType, Reactor>(REACTORS, ({ on }) => on),
  publicEvents: groupBy(PUBLIC_EVENTS, ({ from }) => from),
};

/** What the engine does by itself. */
export const jobs: readonly Job[] = [
  applyDueJob,
  planGiftsJob,
  applyLaddersJob,
  announceExpiringJob,
  anchorsJob,
  verifyRunsJob,
  finishCorrectionsJob,
  undoJob,
  purgeUnmatchedJob,
  simulationsJob,
];

export const targetResolvers: readonly TargetResolver[] = [
  ...memberTargets,
  redemptionTarget,
  purchaseTarget,
  activityTarget,
  registrationTarget,
  waitingTarget,
  adjustmentTarget,
];

export const eventCatalogue = new EventCatalogue([...PUBLIC_EVENTS, ...memberEvents]);

/** What operations answer, by the names under which the API's document has it. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  ...sharedConfigSchemas,
  ...memberSchemas,
  ...purchaseSchemas,
  ...activitySchemas,
  ...activityTypeSchemas,
  ...campaignSchemas,
  ...registrationSchemas,
  ...ledgerSchemas,
  ...integritySchemas,
  ...tierSchemas,
  ...termsSchemas,
  ...redemptionSchemas,
  ...adjustmentSchemas,
  ...purchaseEventSchemas,
  ...transferSchemas,
  ...householdSchemas,
  ...openingSchemas,
  ...eventSchemas,
  ...conditionSchemas,
  ...changeRequestSchemas,
  ...calendarSchemas,
  ...undoSchemas,
  ...promotionGiftSchemas,
  ...earningSchemas,
  ...budgetSchemas,
  ...programmeSchemas,
  ...programmeFileSchemas,
  ...keySchemas,
  ...financeSchemas,
  ...observabilitySchemas,
  ...jobSchemas,
  ...pauseSchemas,
  ...auditSchemas,
  ...simulationSchemas,
};
