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
  /** JSON text; null if the answer is stored with the command's natural claim. */
  readonly answer: string | null;
}

/** A claim to be stored with its account, whose sum of records covers it. */
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
  /**
   * Nothing may be recorded before this instant: the later of the account's last record and the programme's last
   * anchor.
   */
  recordedUntil: Instant;
  /** The hash of the account's last event, hex. Writing the account's rows moves it on. */
  eventHead: string;
  /** The sum of the account's sealed records, hex. Writing the account's rows moves it on. */
  recordSum: string;
  /** Slice states by slice name. Each accepted command replaces the map. */
  account: Map<string, unknown>;
  readonly members: Map<MemberId, Map<string, unknown>>;
  /** The values of the load's parameters for which each member's states were read. */
  readonly parameters: Map<MemberId, readonly unknown[]>;
  changed: boolean;
  /** The account has no row yet: a command of the batch opens it. */
  readonly isNew?: true;
  readonly publicEvents: PublicEvent[];
}

export interface LoadedCommand extends LoadRequest {
  readonly accountId: AccountId | null;
  readonly memberId: MemberId | null;
  /** The resolved counterparty; null if there is none or it does not exist. */
  readonly counterparty: { readonly accountId: AccountId; readonly memberId: MemberId } | null;
  readonly naturalClaim: StoredClaim | null;
  readonly keyClaim: StoredClaim | null;
  /** Decided on a cached account: its outcome holds only if that account is written. Claims were not looked up. */
  readonly cached?: true;
  /** Accounts whose rows are all loaded, after earlier attempts with fewer rows. */
  readonly everything?: ReadonlySet<AccountId>;
}

export interface Batch {
  readonly commands: readonly LoadedCommand[];
  readonly accounts: ReadonlyMap<AccountId, AccountEntry>;
  /** Programme -> slice name -> key -> state. */
  readonly shared: Map<ProgrammeId, Map<string, Map<string, unknown>>>;
  readonly configs: ReadonlyMap<ProgrammeId, ConfigSnapshot>;
}
