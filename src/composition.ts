import type { DomainEventType } from './kernel/domain-events.js';
import type { JsonSchema } from './kernel/public-event.js';
import { groupBy } from './kernel/group-by.js';
import { earningCountersSlice, earnOnPurchase } from './earning/index.js';
import { EventCatalogue, eventSchemas } from './events/index.js';
import { requireAccountingPolicy, valueAwards } from './finance/index.js';
import { ledgerEvents, ledgerReactors, ledgerSchemas, ledgerSlice, settleAccount } from './ledger/index.js';
import { memberEvents, memberSchemas, memberSlice, memberTargets } from './members/index.js';
import type { CommandHandler, Reactor } from './platform/pipeline/command.js';
import type { Rules } from './platform/pipeline/decide.js';
import type { TargetResolver } from './platform/pipeline/loader.js';
import { registered, type AnySlice } from './platform/pipeline/slice.js';
import {
  postPurchase,
  purchaseEvents,
  purchaseSchemas,
  purchasesSlice,
  purchaseTarget,
} from './purchases/index.js';
import {
  capture,
  captureOnPurchase,
  holdPoints,
  redeem,
  redemptionEvents,
  redemptionSchemas,
  redemptionsSlice,
  redemptionTarget,
  releasePoints,
  rewardStockSlice,
  usePoints,
  voidHold,
} from './redemptions/index.js';
import { promoteOnPurchase, standingSlice, tierEvents, tierSchemas } from './tiers/index.js';

/** Holds lapse before lots expire, so that points given back late expire with the rest. */
const SLICES: readonly AnySlice[] = [
  registered(memberSlice),
  registered(redemptionsSlice),
  registered(ledgerSlice),
  registered(rewardStockSlice),
  registered(standingSlice),
  registered(earningCountersSlice),
  registered(purchasesSlice),
];

/**
 * The order of the chain. Of those on one event the first runs first, with everything it causes: a receipt
 * needs an accounting policy, uses its redemptions, then earns (finance values, the ledger opens lots), then may promote.
 */
const REACTORS: readonly Reactor[] = [
  requireAccountingPolicy,
  captureOnPurchase,
  earnOnPurchase,
  promoteOnPurchase,
  valueAwards,
  holdPoints,
  usePoints,
  releasePoints,
  ...ledgerReactors,
];

const HANDLERS = [postPurchase, redeem, capture, voidHold, settleAccount] as readonly CommandHandler[];

const PUBLIC_EVENTS = [...purchaseEvents, ...ledgerEvents, ...redemptionEvents, ...tierEvents];

/** What decisions are made of: every module's handlers, slices and reactors, in their order. */
export const rules: Rules = {
  handlers: new Map(HANDLERS.map((handler) => [handler.type, handler])),
  slices: SLICES,
  reactors: groupBy<DomainEventType, Reactor>(REACTORS, ({ on }) => on),
  publicEvents: groupBy(PUBLIC_EVENTS, ({ from }) => from),
};

export const targetResolvers: readonly TargetResolver[] = [
  ...memberTargets,
  redemptionTarget,
  purchaseTarget,
];

export const eventCatalogue = new EventCatalogue([...PUBLIC_EVENTS, ...memberEvents]);

/** What operations answer, by the names under which the API's document has it. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  ...memberSchemas,
  ...purchaseSchemas,
  ...ledgerSchemas,
  ...tierSchemas,
  ...redemptionSchemas,
  ...eventSchemas,
};
