/** The module (folder under `src`) that owns each table: it alone writes it. */
export const OWNERS: Readonly<Record<string, string>> = {
  account_rolls: 'platform',
  accounts: 'platform',
  activities: 'activities',
  activity_cancellations: 'activities',
  adjustments: 'adjustments',
  anchor_keys: 'integrity',
  anchors: 'integrity',
  api_keys: 'keys',
  approval_uses: 'adjustments',
  audit_log: 'platform',
  budget_movements: 'budgets',
  budget_notices: 'budgets',
  budget_slices: 'budgets',
  budget_uses: 'budgets',
  campaign_cancellations: 'registrations',
  campaign_places: 'campaigns',
  campaign_registrations: 'registrations',
  change_requests: 'change-requests',
  calendar_days: 'calendar',
  calendar_gifts: 'calendar',
  calendar_plans: 'calendar',
  claim_attempts: 'purchases',
  claims: 'platform',
  config_acts: 'platform',
  config_versions: 'platform',
  dead_letters: 'platform',
  earning_days: 'earning',
  event_cursors: 'platform',
  event_log: 'platform',
  event_positions: 'platform',
  events: 'platform',
  households: 'households',
  jobs: 'platform',
  legacy_cursors: 'platform',
  lots: 'ledger',
  member_identities: 'members',
  milestone_steps: 'earning',
  members: 'members',
  movements: 'ledger',
  programmes: 'platform',
  promotion_gift_reversals: 'promotion-gifts',
  promotion_gifts: 'promotion-gifts',
  purchases: 'purchases',
  qualifying_days: 'tiers',
  qualifying_years: 'tiers',
  redemptions: 'redemptions',
  returns: 'purchases',
  reward_stock: 'redemptions',
  simulations: 'simulations',
  sliding_expiries: 'ledger',
  terminal_receipts: 'purchases',
  tier_changes: 'tiers',
  tier_places: 'tiers',
  tier_transitions: 'tiers',
  transfers: 'transfers',
  undone_grants: 'purchases',
  undos: 'undo',
  unmatched_receipts: 'purchases',
  unpublished_events: 'platform',
  verify_runs: 'integrity',
  write_barriers: 'platform',
};

/** Tables of the platform that any module may read, as any module may import the platform. */
export const OPEN_TO_ALL: readonly string[] = ['accounts', 'audit_log', 'claims', 'events', 'programmes'];

/** It holds every table against the movements, so it reads them all. It writes its own only. */
export const READS_ALL = 'integrity';

/**
 * Who else reads a table: a module (its folder), or one file. A module reads the tables of another one only where the
 * whole of it is a view of them; else a file is named, so that a change of a column shows where to look. What a second
 * file would need is a query of the owner, exported by its index.ts.
 */
export const READERS: Readonly<Record<string, readonly string[]>> = {
  // Conditions of rules ask for what a member did; activities are above the rules, by which they earn.
  activities: ['earning/activity-history.query.ts'],
  activity_cancellations: ['earning/activity-history.query.ts'],
  // Rules and places go by who is registered; registrations are above the rules, by which they earn.
  campaign_registrations: ['campaigns/place.store.ts', 'campaigns/registered.query.ts'],
  campaign_cancellations: ['campaigns/place.store.ts', 'campaigns/registered.query.ts'],
  // Finance is what the ledger's rows are worth.
  lots: [
    'activities/activity-load.query.ts',
    'adjustments/points-elsewhere.query.ts',
    'finance',
    'openings/openings.query.ts',
    'purchases/recorded-purchase.query.ts',
    'purchases/return-lookup.query.ts',
    'purchases/undoable-receipts.query.ts',
  ],
  movements: [
    'finance',
    'openings/openings.query.ts',
    'programmes/books.query.ts',
    'purchases/recorded-purchase.query.ts',
  ],
  sliding_expiries: ['finance'],
  // A command is loaded with its member. The members are above tiers and ledger, which cannot import them: what a member
  // is now, after mergers, and whom a lot or a receipt names, is joined where it is needed.
  members: [
    'campaigns/registered.query.ts',
    'earning/activity-history.query.ts',
    'earning/milestones.query.ts',
    'calendar/calendar-plans.store.ts',
    'calendar/gift-days.query.ts',
    'households/household.query.ts',
    'ledger/open-lots.query.ts',
    'platform/pipeline/load/load-query.ts',
    'platform/pipeline/replay/replayed-members.query.ts',
    'purchases/recorded-purchase.query.ts',
    'purchases/replayed-receipts.query.ts',
    'purchases/return-lookup.query.ts',
    'purchases/return.query.ts',
    'tiers/member-history.query.ts',
    'tiers/due-places.query.ts',
    'tiers/members-on-tiers.query.ts',
    'tiers/standing.query.ts',
    'tiers/tier-transitions.store.ts',
  ],
  // A return is looked for by whatever the customer has at hand.
  member_identities: ['purchases/return-lookup.query.ts'],
  redemptions: ['purchases/return-lookup.query.ts'],
  // Lots and measures say what a receipt still counts for; the ledger is below the purchases.
  // Of the day of a receipt, which receipts were before it.
  purchases: [
    'ledger/open-lots.query.ts',
    'ledger/receipt-measures.query.ts',
    'tiers/member-history.query.ts',
  ],
  returns: ['finance/journal.query.ts', 'ledger/receipt-measures.query.ts', 'tiers/member-history.query.ts'],
  undone_grants: ['ledger/receipt-measures.query.ts'],
  tier_changes: ['members/member-search.query.ts'],
};
