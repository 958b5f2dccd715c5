import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { LAST_DAY, loadedFrom, windowEnd, windowStart, type WindowAnchors } from '../kernel/window.js';
import type { VersionRef } from '../kernel/version-ref.js';
import type { ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { HistoryDemand } from '../tiers/index.js';
import type { Period } from './domain/milestone.js';
import { MILESTONE, triggerOf, type MilestoneTrigger } from './domain/rule-trigger.js';
import { earningRuleKind, type PublishedEarningRule } from './earning-rule.kind.js';

/**
 * Versions of a rule, one after the other, that count the same milestone: another amount goes on counting, another
 * measure, window or step begins anew. Whole business days count, those included on which it began and on which it
 * ended.
 */
export interface MilestoneRun extends Period {
  readonly ruleId: string;
  readonly trigger: MilestoneTrigger;
  /** The versions, the first of which names the run. */
  readonly versions: readonly number[];
}

const NO_RUNS: readonly MilestoneRun[] = [];
const runsOf = new WeakMap<ConfigSnapshot, readonly MilestoneRun[]>();

/** All milestones that were ever published; made once for a configuration. */
export function milestoneRuns(config: ConfigSnapshot): readonly MilestoneRun[] {
  const known = runsOf.get(config);
  if (known) return known;
  const keys = config.inForce(earningRuleKind, Infinity).map(({ key }) => key);
  const made = keys.flatMap((key) => runsOfRule(key, config));
  const runs = made.length === 0 ? NO_RUNS : made;
  runsOf.set(config, runs);
  return runs;
}

function runsOfRule(ruleId: string, config: ConfigSnapshot): readonly MilestoneRun[] {
  const versions = config.versions(earningRuleKind, ruleId).toReversed();
  if (!versions.some(({ body }) => triggerOf(body).type === MILESTONE)) return NO_RUNS;
  const runs: MilestoneRun[] = [];
  for (const [index, { version, body, effectiveAt }] of versions.entries()) {
    const trigger = triggerOf(body);
    if (trigger.type !== MILESTONE) continue;
    const through = lastDayOf(body, versions[index + 1], config.timeZone);
    const before = versions[index - 1];
    const last = runs.at(-1);
    const goesOn = last !== undefined && before !== undefined && last.versions.at(-1) === before.version;
    if (goesOn && isSame(last.trigger, trigger)) {
      runs[runs.length - 1] = { ...last, trigger, versions: [...last.versions, version], through };
    } else {
      const from = localDate(effectiveAt, config.timeZone);
      runs.push({ ruleId, trigger, versions: [version], from, through });
    }
  }
  return runs;
}

/** Fields are published in one order. */
function isSame(a: MilestoneTrigger, b: MilestoneTrigger): boolean {
  const { first: _, ...one } = a;
  const { first: __, ...other } = b;
  return JSON.stringify(one) === JSON.stringify(other);
}

function lastDayOf(
  { endsAt }: PublishedEarningRule,
  next: Published<PublishedEarningRule> | undefined,
  timeZone: string,
): LocalDate {
  const ends = [
    endsAt === null ? Infinity : Date.parse(endsAt) - 1,
    next === undefined ? Infinity : next.effectiveAt - 1,
  ];
  const last = Math.min(...ends);
  return last === Infinity ? LAST_DAY : localDate(last, timeZone);
}

/** The run that a version belongs to. @throws Error for a version that counts no milestone. */
export function runOf(config: ConfigSnapshot, { id, version }: VersionRef): MilestoneRun {
  const run = milestoneRuns(config).find(
    ({ ruleId, versions }) => ruleId === id && versions.includes(version),
  );
  if (!run) throw new Error(`${id} version ${version} counts no milestone`);
  return run;
}

/** Whether a version counts a milestone: what it gave does not go with the goods of one receipt. */
export function isMilestone(config: ConfigSnapshot, { id, version }: VersionRef): boolean {
  return milestoneRuns(config).some(({ ruleId, versions }) => ruleId === id && versions.includes(version));
}

/** The days of a run that count together with a day of it. */
export function periodOf(
  { trigger, from, through }: MilestoneRun,
  day: LocalDate,
  anchors: WindowAnchors,
): Period {
  const [start, end] = [windowStart(trigger.window, day, anchors), windowEnd(trigger.window, day, anchors)];
  return { from: start > from ? start : from, through: end < through ? end : through };
}

/**
 * The first day that milestones need for what happened from one instant to another, either way round; null where no
 * milestone ran then.
 */
export function firstMilestoneDay(config: ConfigSnapshot, one: Instant, other: Instant): LocalDate | null {
  const runs = milestoneRuns(config);
  if (runs.length === 0) return null;
  const from = localDate(Math.min(one, other), config.timeZone);
  const until = localDate(Math.max(one, other), config.timeZone);
  let first: LocalDate | null = null;
  for (const run of runs) {
    if (run.from > until || run.through < from) continue;
    const start = loadedFrom(run.trigger.window, from > run.from ? from : run.from);
    const needed = start > run.from ? start : run.from;
    if (first === null || needed < first) first = needed;
  }
  return first;
}

/** What milestones ask of members' histories: days only, for they count from the day on which they began. */
export const historyOfMilestones: HistoryDemand = {
  windows: () => NO_WINDOWS,
  asksForLife: () => false,
  firstDay: firstMilestoneDay,
};

const NO_WINDOWS: readonly never[] = [];
