import type { AccountId, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import type { PublicEvent } from '../../../kernel/public-event.js';
import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Claim } from '../contract/command.js';
import type { LoadRequest } from './load-request.js';

/** A claim that is already stored, or was made earlier in the same batch. */
export interface StoredClaim {
  readonly fingerprint: string;
  readonly targetFingerprint: string;
  readonly accountId: AccountId;
  readonly commandId: string;
  readonly status: number;
  /** JSON text; null where the answer is kept with the command's natural claim. */
  readonly answer: string | null;
}

/** A claim to be stored; only with its account, whose sum of records it is in. */
export interface NewClaim extends StoredClaim {
  readonly programmeId: ProgrammeId;
  readonly claim: Claim;
}

/** An account as the batch found it and as its commands so far have left it. */
export interface AccountEntry {
  readonly accountId: AccountId;
  readonly programmeId: ProgrammeId;
  readonly version: number;
  eventSequence: number;
  /** Nothing is recorded of it before this: what was recorded last, or its programme's last anchor, is later. */
  recordedUntil: Instant;
  /** The link of the account's last event, hex; moved on as its rows are written. */
  eventHead: string;
  /** The sum of the account's sealed records, hex; moved on as its rows are written. */
  recordSum: string;
  /** Slice states by slice name; replaced whole by each accepted command. */
  account: Map<string, unknown>;
  readonly members: Map<MemberId, Map<string, unknown>>;
  /** For which values of the load's parameters each member's states were read. */
  readonly parameters: Map<MemberId, readonly unknown[]>;
  changed: boolean;
  /** Has no row yet: it is opened by the command that names it. */
  readonly isNew?: true;
  readonly publicEvents: PublicEvent[];
}

export interface LoadedCommand extends LoadRequest {
  readonly accountId: AccountId | null;
  readonly memberId: MemberId | null;
  /** Whom the other target names; null where the command has none or it names nobody. */
  readonly counterparty: { readonly accountId: AccountId; readonly memberId: MemberId } | null;
  readonly naturalClaim: StoredClaim | null;
  readonly keyClaim: StoredClaim | null;
  /** Decided on a cached account: its outcome holds only if that account is written. Claims were not looked up. */
  readonly cached?: true;
  /** Accounts of which everything there is was loaded for it: it was decided on less before. */
  readonly everything?: ReadonlySet<AccountId>;
}

export interface Batch {
  readonly commands: readonly LoadedCommand[];
  readonly accounts: ReadonlyMap<AccountId, AccountEntry>;
  /** Programme -> slice name -> key -> state. */
  readonly shared: Map<ProgrammeId, Map<string, Map<string, unknown>>>;
  readonly configs: ReadonlyMap<ProgrammeId, ConfigSnapshot>;
}
