import { liveHistory, type MemberSource } from '../conditions/index.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import { addToDate, localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { FIRST_DAY, windowStart, type Window } from '../kernel/window.js';
import type { Work } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import {
  changeAt,
  historySlice,
  lastVisit,
  pastSince,
  standingSlice,
  type HistoryDemand,
  type MemberHistory,
  type Moment,
} from '../tiers/index.js';
import { activityHistorySlice } from './activity-history.slice.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { earningRuleKind, earningRulesInForce } from './earning-rule.kind.js';
import { compiledConditions } from './rule-conditions.js';

const DAY_MS = 86_400_000;
const NO_WINDOWS: readonly Window[] = [];
/** What asks for the last visit only: the days before the receipt's are looked up one by one. */
const TODAY: Window = { type: 'calendar', unit: 'day' };

/** Lists of rules in force last as long as the configuration does. */
const windowsOf = new WeakMap<readonly RuleInForce[], readonly Window[]>();
const lives = new WeakMap<ConfigSnapshot, boolean>();

/** What the conditions of rules ask of members' histories. */
export const historyOfRules: HistoryDemand = {
  windows: (config, at) => {
    const rules = earningRulesInForce(config, at);
    const known = windowsOf.get(rules);
    if (known) return known;
    const made = rules.flatMap(({ rule }) => {
      const { receipt, line } = compiledConditions(rule);
      return [receipt, line].flatMap((condition) =>
        condition?.reads('history') ? [TODAY, ...condition.windows] : NO_WINDOWS,
      );
    });
    windowsOf.set(rules, made);
    return made;
  },
  asksForLife: (config) => {
    const known = lives.get(config);
    if (known !== undefined) return known;
    const made = config
      .inForce(earningRuleKind, Infinity)
      .flatMap(({ key }) => config.versions(earningRuleKind, key))
      .some(({ body }) => isAboutLife(body.condition) || isAboutLife(body.lines?.condition));
    lives.set(config, made);
    return made;
  },
};

/** Whether a condition may ask for a lifetime: told by its text, which is not compiled for that. */
function isAboutLife(condition: string | null | undefined): boolean {
  return condition?.includes('lifetime') === true;
}

/**
 * `history` of conditions before a moment; it is counted only where a condition reads it.
 * @throws NeedsMoreRows where the totals of a lifetime have to be filled first: a condition would take it for a fault.
 */
export function historySource(moment: Moment, work: Work): MemberSource {
  requireLife(moment, work);
  return liveHistory({
    over: (window) => {
      const past = pastSince(loadedHistory(work), startOf(window, moment, work), moment);
      if (!past) throw new Error(`the ${window.type} window was not loaded`);
      return past;
    },
    activities: (type, days) => {
      const from = days === null ? '' : addToDate(moment.day, { days: 1 - days });
      return activitiesBefore(type, moment, work).filter((at) => dayOf(at, work) >= from).length;
    },
    daysSinceActivity: (type) => {
      const last = activitiesBefore(type, moment, work).reduce((a, b) => Math.max(a, b), -Infinity);
      return last === -Infinity ? null : (Date.parse(moment.day) - Date.parse(dayOf(last, work))) / DAY_MS;
    },
    daysSinceLastVisit: () => {
      const last = lastVisit(loadedHistory(work), moment);
      return last === null ? null : (Date.parse(moment.day) - Date.parse(last)) / DAY_MS;
    },
  });
}

/** When the member did something of a type before a moment, as far as it is known and was not cancelled. */
function activitiesBefore(type: string, { at }: Moment, work: Work): readonly Instant[] {
  const known = work.member(activityHistorySlice)?.get(type);
  if (!known) throw new Error(`the activities of the type ${type} were not loaded`);
  return known.filter((occurredAt) => occurredAt < at);
}

function dayOf(instant: Instant, { config }: Work): LocalDate {
  return localDate(instant, config.timeZone);
}

function requireLife({ at }: Moment, work: Work): void {
  const history = work.member(historySlice);
  if (!history || history.years || history.from === FIRST_DAY) return;
  if (historyOfRules.windows(work.config, at).some(({ type }) => type === 'lifetime'))
    throw new NeedsMoreRows(work.accountId, 'the days of the whole standing', 'standing');
}

function loadedHistory(work: Work): MemberHistory {
  const history = work.member(historySlice);
  if (!history) throw new Error('a condition reads a history that was not loaded');
  return history;
}

function startOf(window: Window, { day, at }: Moment, work: Work): LocalDate {
  const standing = work.member(standingSlice);
  const dayOf = (instant: Instant) => localDate(instant, work.config.timeZone);
  const enrolledOn = dayOf(standing.enrolledAt);
  const since = changeAt(standing, at)?.since;
  return windowStart(window, day, { enrolledOn, tierSince: since === undefined ? enrolledOn : dayOf(since) });
}
