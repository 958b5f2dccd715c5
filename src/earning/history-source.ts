import { liveHistory, type MemberSource } from '../conditions/index.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
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
    daysSinceLastVisit: () => {
      const last = lastVisit(loadedHistory(work), moment);
      return last === null ? null : (Date.parse(moment.day) - Date.parse(last)) / DAY_MS;
    },
  });
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
