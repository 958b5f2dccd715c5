const CAPS =
  'how much a rule gave a member so far: it decides what the next receipt earns, and no figure of the books rests on it';
const NAMES = 'by which names a till finds a member: the books know members by their ids alone';
const DAYS =
  'when a member is looked for again: the next command on the member works it out anew, and no figure rests on it';
const STOCK = 'how many things are left: goods, not points';
const TOTALS = 'a cache of the days: a member without totals is filled by the next command that needs them';
const SLICE = 'in which slice a figure is kept: all slices together are checked';
const PLACES = 'a member without a place is placed by their next command, from all days';
const TECHNICAL = 'says how the software works, not what happened';

/** What `verify` does not find, and why: a table, a column of it, or what is done to its rows. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  'accounts.version': 'counts writes, so that two of them notice each other',
  'accounts.announced_expiries': 'which expiries were announced: at worst one is announced twice, or not',
  'accounts.last_recorded_at':
    'no command is recorded before it; a later one holds commands up and changes no figure',
  'anchor_keys.key_id': 'the id of a key is worked out from the key itself',
  'anchor_keys.public_key':
    'characters after the key change nothing; another key does not fit the signatures',
  'accounts.announced_expiries to null': 'likewise: they are announced again',
  'anchor_keys.recorded_at': 'when a key was noted; a signature is checked by the key itself',
  'anchor_keys insert': 'a further key signed nothing; give `--anchor-key` to trust only your own',
  'api_keys.last_used_at': 'when a key was used last, to some minutes; nothing is worked out from it',
  'api_keys.last_used_at to null': 'likewise',
  'earning_days.member_id': CAPS,
  'earning_days.rule_id': CAPS,
  'earning_days.day': CAPS,
  'earning_days.points': CAPS,
  'earning_days.times': CAPS,
  'earning_days delete': CAPS,
  'earning_days insert': CAPS,
  budget_notices: 'which states of budgets were announced: at worst one is announced twice, or not',
  'budget_slices.slice': SLICE,
  'budget_uses.slice': SLICE,
  'campaign_places.slice': SLICE,
  calendar_days: DAYS,
  calendar_plans: DAYS,
  'tier_places.member_id': PLACES,
  'tier_places.rolled_to':
    'how far time was worked on: a later day leads to a replay of all days, an earlier one to a second look',
  'tier_places.rolled_to to null': 'likewise, to a replay of all days',
  'tier_places delete': PLACES,
  tier_transitions: 'how far a job came; each member is met by the next command as well',
  dead_letters: TECHNICAL,
  event_cursors: TECHNICAL,
  legacy_cursors: 'where readers go on with a cursor of before there were positions',
  'unpublished_events.written_at': 'orders events of different accounts, as they are published',
  'member_identities.type': NAMES,
  'member_identities.value': NAMES,
  'member_identities.member_id': NAMES,
  'member_identities delete': NAMES,
  'member_identities insert': NAMES,
  'members.birth_date_since': 'when the birth date was entered: it decides whether a later gift is given',
  'members.birth_date_since to null': 'likewise',
  'members.updated_at': 'when the row was written last; nothing is worked out from it',
  jobs: TECHNICAL,
  migrations: TECHNICAL,
  'qualifying_years.member_id': TOTALS,
  'qualifying_years delete': TOTALS,
  'reward_stock.reward_id': STOCK,
  'reward_stock.remaining': STOCK,
  'reward_stock delete': STOCK,
  'reward_stock insert': STOCK,
  undos: 'how far an undo is: what it took back is in undone_grants, and its approval in the audit log',
  write_barriers: TECHNICAL,
  unmatched_receipts:
    'receipts without a member: no points and no money rest on them; what is claimed is a purchase of its own',
  claim_attempts: 'how often wrong receipts were named: at worst one more or one less is let through',
  simulations: 'what drafts would have given: nothing was given, and no figure rests on it',
  verify_runs: 'reports of runs before; run it again',
};
