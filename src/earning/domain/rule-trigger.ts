import type { Window } from '../../kernel/window.js';

/** The rule looks at receipts. */
export interface ReceiptTrigger {
  readonly type: 'receipt';
}

/** The rule looks at activities of one declared type. */
export interface ActivityTrigger {
  readonly type: 'activity';
  /** Key of the activity type. */
  readonly activity: string;
}

/** The rule looks at an anniversary of a date of the member. */
export interface CalendarTrigger {
  readonly type: 'calendar';
  readonly on: 'birthday' | 'enrolment';
  /** Every so many years from the date on. */
  readonly everyYears: number;
  /** The day of common years for 29 February. */
  readonly leapDay: '02-28' | '03-01';
}

/** The rule gives its amount each time that a measure of the member gets on by a step within a period. */
export interface MilestoneTrigger {
  readonly type: 'milestone';
  /** Days with a purchase, receipts, or minor units with tax; less what was returned. */
  readonly measure: 'visits' | 'purchases' | 'spend';
  /** Its periods do not overlap. */
  readonly window: MilestoneWindow;
  /** 1 or more, in the measure's unit. */
  readonly step: number;
  /** The most steps of one period; absent for all. */
  readonly first?: number;
}

/** A window whose periods do not overlap, so that each day belongs to one of them. */
export type MilestoneWindow = Extract<Window, { readonly type: 'calendar' | 'membershipYear' | 'lifetime' }>;

/** The rule looks at promotions of the member. */
export interface PromotionTrigger {
  readonly type: 'promotion';
  /** The rung that is reached or passed; absent: whichever is reached. */
  readonly tier?: string;
}

/** The rule looks at registrations for one campaign. */
export interface RegistrationTrigger {
  readonly type: 'registration';
  /** Key of the campaign. */
  readonly campaign: string;
}

/** What makes a rule be looked at. */
export type RuleTrigger =
  | ReceiptTrigger
  | ActivityTrigger
  | CalendarTrigger
  | MilestoneTrigger
  | PromotionTrigger
  | RegistrationTrigger;

/** What a rule looks at that does not say so: all rules did, before there were other triggers. */
export const RECEIPT_TRIGGER: ReceiptTrigger = { type: 'receipt' };

/** The name under which the rules of all dates are kept together. */
export const CALENDAR = 'calendar';

/** The name under which all milestones are kept together. */
export const MILESTONE = 'milestone';

/** The name under which the rules of all promotions are kept together. */
export const PROMOTION = 'promotion';

/** The trigger of a rule. */
export function triggerOf({
  trigger = RECEIPT_TRIGGER,
}: {
  readonly trigger?: RuleTrigger | undefined;
}): RuleTrigger {
  return trigger;
}

/** The name under which the rules of a trigger are kept together, such as `receipt` or `activity:review`. */
export function triggerName(trigger: RuleTrigger): string {
  switch (trigger.type) {
    case 'receipt':
      return 'receipt';
    case 'activity':
      return `activity:${trigger.activity}`;
    case 'calendar':
      return CALENDAR;
    case 'milestone':
      return MILESTONE;
    case 'promotion':
      return PROMOTION;
    case 'registration':
      return `registration:${trigger.campaign}`;
  }
}
