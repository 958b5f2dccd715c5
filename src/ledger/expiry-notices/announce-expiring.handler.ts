import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import { ok } from '../../kernel/result.js';
import { spendableUntil } from '../domain/ledger-state.js';
import { ledgerSlice } from '../ledger.slice.js';
import { ledgerProblems } from '../problems.js';
import type { CommandHandler } from '../../platform/pipeline/index.js';
import type { AnnounceDays } from './announce-days.js';
import { announcementsSlice } from './announcements.slice.js';
import { couldBeNear, planAnnouncements } from '../domain/plan-announcements.js';

/**
 * Announces what expires soon on an account, each date once: points that come to a date that was announced are
 * not announced again. What fell due is applied before, as before every decision, so it comes last in the night.
 */
export const announceExpiring = (announceDays: AnnounceDays): CommandHandler<Record<string, never>> => ({
  type: 'account.announce',
  repeatable: true,
  needsLazyRows: () => true,
  preload: 'small',
  unknownTarget: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  naturalConflict: () => ledgerProblems.problem('ACCOUNT_NOT_FOUND', 'There is no such account.'),
  decide: (_body, work) => {
    const { config, now } = work;
    const { timeZone } = config;
    const daysAt = (midnight: number) => announceDays(config, midnight);
    const terms = { now, timeZone, daysAt };
    const state = work.account(ledgerSlice);
    const until = spendableUntil(state);
    if (until < Infinity && couldBeNear(until, terms))
      throw new NeedsMoreRows(work.accountId, 'every lot that ends soon');
    const due = planAnnouncements(state.lots.values(), work.account(announcementsSlice), terms);
    for (const { at, ...data } of due) {
      const emitted = work.emit({ type: 'expiry.announced', data, occurredAt: at });
      if (!emitted.ok) return emitted;
    }
    return ok({ status: 200, body: { announced: due.length } });
  },
});
