import { UNDONE_GRANTS } from '../src/purchases/undone-grants.rows.js';
import { ACTIVITIES, ACTIVITY_CANCELLATIONS } from '../src/activities/activity.rows.js';
import { APPROVAL_USES } from '../src/adjustments/approval-uses.slice.js';
import { ADJUSTMENTS } from '../src/adjustments/adjustment.rows.js';
import { BUDGET_MOVEMENTS } from '../src/budgets/budget-uses.slice.js';
import { CALENDAR_GIFTS } from '../src/calendar/calendar.slice.js';
import { MILESTONE_STEPS } from '../src/earning/milestones.slice.js';
import { HOUSEHOLDS } from '../src/households/households.slice.js';
import { SLIDING_EXPIRIES } from '../src/ledger/ledger.tables.js';
import { ADJUSTMENT_COLUMNS } from '../src/integrity/verify/adjustment-check.query.js';
import { CHAINED_EVENTS, SEALED_CLAIMS, SEALED_TABLES } from '../src/integrity/verify/sealed-tables.js';
import { AUDIT_LOG } from '../src/platform/audit/audit-log.table.js';
import { SEAL, type Table } from '../src/platform/pipeline/index.js';
import { CLAIM_COLUMNS } from '../src/platform/pipeline/write/write-statement.js';
import { EVENTS } from '../src/platform/pipeline/write/writer.js';
import { PROMOTION_GIFT_REVERSALS, PROMOTION_GIFTS } from '../src/promotion-gifts/promotion-gifts.slice.js';
import { PURCHASES, RETURNS, TERMINAL_RECEIPTS } from '../src/purchases/purchases.slice.js';
import { CAMPAIGN_CANCELLATIONS, CAMPAIGN_REGISTRATIONS } from '../src/registrations/registration.rows.js';
import { REDEMPTIONS } from '../src/redemptions/redemptions.slice.js';
import { TIER_CHANGES } from '../src/tiers/tiers.slice.js';
import { TRANSFERS } from '../src/transfers/transfers.slice.js';

const WRITTEN: readonly Table[] = [
  ...[
    ACTIVITIES,
    ACTIVITY_CANCELLATIONS,
    UNDONE_GRANTS,
    PURCHASES,
    RETURNS,
    TERMINAL_RECEIPTS,
    REDEMPTIONS,
    TRANSFERS,
    SLIDING_EXPIRIES,
    HOUSEHOLDS,
    TIER_CHANGES,
    APPROVAL_USES,
    AUDIT_LOG,
    BUDGET_MOVEMENTS,
    CAMPAIGN_REGISTRATIONS,
    CAMPAIGN_CANCELLATIONS,
    CALENDAR_GIFTS,
    MILESTONE_STEPS,
    PROMOTION_GIFTS,
    PROMOTION_GIFT_REVERSALS,
  ],
];

/** `verify` reads a seal by the order of columns in which the pipeline wrote it. */
describe('the columns of a seal', () => {
  it.each(WRITTEN.map((table) => [table.name, table] as const))(
    'of %s are those that the pipeline writes, in its order',
    (name, { columns, sealed }) => {
      const names = columns.map((column) => column.name);
      const covered = SEALED_TABLES.find((table) => table.name === name)?.columns;
      expect([sealed, columns.at(-1)]).toEqual([true, SEAL]);
      expect(covered).toEqual(names.slice(0, -1));
    },
  );

  it('are known of every sealed table, of claims, of events and of adjustments', () => {
    expect(SEALED_TABLES.map(({ name }) => name).sort()).toEqual(WRITTEN.map(({ name }) => name).sort());
    expect(SEALED_CLAIMS.columns).toEqual(CLAIM_COLUMNS.slice(0, -1).map(({ name }) => name));
    expect(CHAINED_EVENTS.columns).toEqual(EVENTS.columns.slice(0, -1).map(({ name }) => name));
    expect(ADJUSTMENT_COLUMNS).toEqual(ADJUSTMENTS.columns.map(({ name }) => name));
  });
});
