import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The spine: programmes and their versioned configuration, members, accounts, purchases, the ledger,
 * redemptions, tiers, events. Account-scoped tables carry `account_id` in every key (DESIGN section 8); foreign
 * keys stand only among configuration and members, where no hot path pays for them.
 */
export class Spine1764000000000 implements MigrationInterface {
  name = 'Spine1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      CONFIGURATION,
      MEMBERS,
      ACCOUNTS,
      LEDGER,
      PURCHASES,
      REDEMPTIONS,
      TIERS,
      EVENTS,
    ]) {
      await runner.query(statement);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('the first migration is not reverted: drop the database instead'));
  }
}

const CONFIGURATION = `
  CREATE TABLE programmes (
    programme_id uuid PRIMARY KEY,
    name text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    time_zone text NOT NULL,
    -- Moves with every publication; the pipeline writes only under the revision it decided with.
    config_revision bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
  );
  CREATE TABLE config_versions (
    programme_id uuid NOT NULL REFERENCES programmes,
    kind text NOT NULL,
    key text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    status text NOT NULL CHECK (status IN ('draft', 'published')),
    effective_at timestamptz,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    published_at timestamptz,
    published_by text,
    PRIMARY KEY (programme_id, kind, key, version),
    CHECK ((status = 'published') = (effective_at IS NOT NULL AND published_at IS NOT NULL))
  );
  CREATE TABLE api_keys (
    key_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programmes,
    name text NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    hint text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
  );
  CREATE TABLE audit_log (
    audit_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programmes,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb
  );
  CREATE INDEX audit_log_programme ON audit_log (programme_id, audit_id);`;

const MEMBERS = `
  CREATE TABLE members (
    member_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL REFERENCES programmes,
    account_id uuid NOT NULL,
    external_id text,
    status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    enrolled_at timestamptz NOT NULL,
    birth_date date,
    attributes jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  );
  CREATE INDEX members_programme ON members (programme_id, member_id);
  CREATE INDEX members_account ON members (account_id);
  CREATE TABLE member_identities (
    programme_id uuid NOT NULL,
    type text NOT NULL,
    value text NOT NULL,
    member_id uuid NOT NULL REFERENCES members,
    account_id uuid NOT NULL,
    PRIMARY KEY (programme_id, type, value)
  );
  CREATE INDEX member_identities_member ON member_identities (member_id);`;

const ACCOUNTS = `
  CREATE TABLE accounts (
    account_id uuid PRIMARY KEY,
    programme_id uuid NOT NULL,
    head_member_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    event_seq bigint NOT NULL DEFAULT 0,
    movement_seq bigint NOT NULL DEFAULT 0,
    head_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    available bigint NOT NULL DEFAULT 0 CHECK (available >= 0),
    pending bigint NOT NULL DEFAULT 0 CHECK (pending >= 0),
    held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    debt bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
    lifetime_earned bigint NOT NULL DEFAULT 0 CHECK (lifetime_earned >= 0),
    lifetime_redeemed bigint NOT NULL DEFAULT 0 CHECK (lifetime_redeemed >= 0),
    next_hold_expiry_at timestamptz
  ) WITH (fillfactor = 70);
  CREATE TABLE claims (
    programme_id uuid NOT NULL,
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    target_fingerprint bytea NOT NULL,
    command_id text NOT NULL,
    account_id uuid NOT NULL,
    status int NOT NULL,
    answer text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (programme_id, scope, key)
  );`;

const LEDGER = `
  CREATE TABLE lots (
    account_id uuid NOT NULL,
    lot_id uuid NOT NULL,
    member_id uuid NOT NULL,
    origin text NOT NULL CHECK (origin IN ('purchase', 'non_purchase')),
    purchase_id uuid,
    rule_id text,
    rule_version int,
    lines json NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    allocated bigint NOT NULL CHECK (allocated >= 0),
    valuation json,
    earned_at timestamptz NOT NULL,
    available_at timestamptz NOT NULL,
    expires_at timestamptz,
    available bigint NOT NULL CHECK (available >= 0),
    held bigint NOT NULL CHECK (held >= 0),
    redeemed bigint NOT NULL CHECK (redeemed >= 0),
    expired bigint NOT NULL CHECK (expired >= 0),
    PRIMARY KEY (account_id, lot_id),
    -- I6: every point is somewhere.
    CHECK (points = available + held + redeemed + expired)
  ) WITH (fillfactor = 90);
  CREATE INDEX lots_open ON lots (account_id, expires_at) WHERE available + held > 0;
  CREATE INDEX lots_due ON lots (expires_at) WHERE available > 0 AND expires_at IS NOT NULL;
  CREATE TABLE movements (
    account_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    lot_id uuid NOT NULL,
    member_id uuid NOT NULL,
    from_bucket text NOT NULL,
    to_bucket text NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    liability bigint NOT NULL,
    event_code text,
    cause_type text NOT NULL,
    cause_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    posting_date date NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (account_id, sequence),
    CHECK (event_code IS NOT NULL OR liability = 0)
  );
  CREATE INDEX movements_posting ON movements USING brin (posting_date);`;

const PURCHASES = `
  CREATE TABLE purchases (
    purchase_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    source text NOT NULL,
    receipt_no text NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    business_date date NOT NULL,
    currency text NOT NULL,
    channel text,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    tax_minor bigint NOT NULL CHECK (tax_minor >= 0),
    lines json NOT NULL,
    tenders json NOT NULL,
    redemption_ids json NOT NULL,
    attributes json NOT NULL,
    explanation json NOT NULL,
    PRIMARY KEY (purchase_id, account_id)
  );`;

const REDEMPTIONS = `
  CREATE TABLE redemptions (
    redemption_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('authorised', 'captured', 'voided')),
    points bigint NOT NULL CHECK (points > 0),
    lots json NOT NULL,
    reward_id text,
    reward_version int,
    stocked boolean NOT NULL,
    discount_minor bigint NOT NULL CHECK (discount_minor >= 0),
    voucher text,
    external_id text,
    authorised_at timestamptz NOT NULL,
    hold_expires_at timestamptz,
    void_reason text,
    purchase_id uuid,
    PRIMARY KEY (redemption_id, account_id),
    CHECK ((status = 'authorised') = (hold_expires_at IS NOT NULL))
  );
  CREATE INDEX redemptions_on_hold ON redemptions (account_id) WHERE status = 'authorised';
  CREATE INDEX redemptions_due ON redemptions (hold_expires_at) WHERE status = 'authorised';
  CREATE TABLE reward_stock (
    programme_id uuid NOT NULL,
    reward_id text NOT NULL,
    remaining bigint NOT NULL CHECK (remaining >= 0),
    PRIMARY KEY (programme_id, reward_id)
  ) WITH (fillfactor = 50);`;

const TIERS = `
  CREATE TABLE qualifying_days (
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    day date NOT NULL,
    spend_minor bigint NOT NULL,
    points bigint NOT NULL,
    visits bigint NOT NULL,
    PRIMARY KEY (account_id, member_id, day)
  ) WITH (fillfactor = 90);
  CREATE TABLE tier_changes (
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    sequence int NOT NULL,
    from_tier text,
    to_tier text NOT NULL,
    since timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    tier_set_id text NOT NULL,
    tier_set_version int NOT NULL,
    purchase_id uuid,
    PRIMARY KEY (account_id, member_id, sequence)
  );`;

const EVENTS = `
  CREATE TABLE events (
    account_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    event_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    member_id uuid,
    type text NOT NULL,
    version int NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    data json NOT NULL,
    -- The writing transaction: readers go by (xid, event_id) below the oldest running one, so that an event
    -- that commits late is never passed over.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, sequence)
  );
  CREATE INDEX events_order ON events (xid, event_id);
  CREATE TABLE event_cursors (
    consumer text PRIMARY KEY,
    xid xid8 NOT NULL,
    event_id uuid NOT NULL,
    updated_at timestamptz NOT NULL
  );`;
