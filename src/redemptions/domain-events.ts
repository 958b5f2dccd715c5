import type { Cause, LotPoints } from '../kernel/lot-facts.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    'redemption.authorised': { readonly redemption: RedemptionFacts };
    'redemption.captured': {
      readonly redemption: RedemptionFacts;
      /** True when there was no hold before. */
      readonly direct: boolean;
      /** What of the hold was not used and goes back. */
      readonly unused: readonly LotPoints[];
    };
    /** A captured redemption was tied to the receipt it was used on. */
    'redemption.used': { readonly redemption: RedemptionFacts };
    'redemption.voided': { readonly redemption: RedemptionFacts };
    /** A hold lasts longer. */
    'redemption.extended': { readonly redemption: RedemptionFacts };
    /** Used points come back, all or part; the redemption is as it is after. */
    'redemption.reversed': {
      readonly redemption: RedemptionFacts;
      readonly lots: readonly LotPoints[];
      readonly cause: Cause;
      /** The caller's reason, in words. */
      readonly reason?: string;
    };
  }
}
