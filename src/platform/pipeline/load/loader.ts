import type { AccountId, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import { idToUuid, uuidToId } from '../../../kernel/ids.js';
import type { ConfigCache } from '../../versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Row } from '../../database/row.js';
import type { AccountEntry, Batch, LoadedCommand } from '../batch/batch-state.js';
import { needsLazyRows, type LoadRequest } from '../batch/load-request.js';
import type { Command, Target } from '../contract/command.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { AccountSlice, AnySlice, MemberSlice, SharedSlice } from '../contract/slice.js';
import type { ColumnType } from '../contract/table.js';
import { LoadParameters } from './load-parameters.js';
import { addConfigured, loadShared } from './shared-rows.js';
import { RowBuffer } from '../sql/row-buffer.js';
import type { RowType } from '../sql/row-type.js';
import { RowTypes } from '../sql/row-types.js';
import type { SqlClient } from '../sql/sql-client.js';
import { naturalClaim, readClaim } from './load-claims.js';
import { LazyRowsLoader } from './lazy-rows-loader.js';
import { baseSql, commandRows } from './load-query.js';
import type { TargetResolver } from '../contract/target-resolver.js';

/** An account that a command names: its target, or its counterparty. */
interface Asked {
  readonly request: LoadRequest;
  readonly target: Target;
  /** Claims are looked up with the target alone. */
  readonly main: boolean;
}

/** How often a load starts again because its accounts changed during it. */
const MAX_LOADS = 5;

const VERSIONS = `SELECT a.account_id, a.version FROM unnest($1::uuid[]) AS u(account_id)
  JOIN accounts a ON a.account_id = u.account_id`;

/** Accounts changed while they were loaded; the batch is tried again like after any other race. */
export class LoadRaceError extends Error {
  readonly code = '40001';

  constructor() {
    super('accounts changed while they were loaded');
  }
}

/** The default values of a new account's columns; other types are null. */
const BLANK: Partial<Readonly<Record<ColumnType, unknown>>> = { bigint: '0', bytea: Buffer.alloc(32) };

/** Whether the results of several statements about these accounts belong to one version of each. */
type Consistency = (
  ids: readonly AccountId[],
  accounts: ReadonlyMap<AccountId, AccountEntry>,
) => Promise<boolean>;

const ALL_OF_ONE_MOMENT: Consistency = () => Promise.resolve(true);

/** Loads what a batch of commands is decided on. */
export interface BatchLoader {
  /** @throws LoadRaceError when accounts kept changing while they were loaded. */
  load(client: SqlClient, requests: readonly LoadRequest[], now: number): Promise<Batch>;
  /** Adds the shared states that the configuration of its commands asks for. */
  addShared?(client: SqlClient, batch: Batch, now: number): Promise<void>;
}

/** Loads the state of a batch: one query, and further ones only for lazy rows. */
export class Loader implements BatchLoader {
  private readonly baseSql: string;
  private readonly accountSlices: readonly AccountSlice<unknown>[];
  private readonly memberSlices: readonly MemberSlice<unknown>[];
  private readonly sharedSlices: readonly SharedSlice<unknown>[];
  private readonly parameters: LoadParameters;
  private readonly lazyRows: LazyRowsLoader;
  private readonly rowType: RowType;
  private readonly commands: RowBuffer;
  private readonly types = new RowTypes();

  constructor(
    private readonly definition: EngineDefinition,
    resolvers: readonly TargetResolver[],
    private readonly configs: ConfigCache,
    /** Tells the shard from others. */
    private readonly place = 0,
  ) {
    const scoped = <K extends AnySlice['scope']>(scope: K) =>
      definition.slices.filter((slice): slice is Extract<AnySlice, { scope: K }> => slice.scope === scope);
    this.accountSlices = scoped('account');
    this.lazyRows = new LazyRowsLoader(definition, this.accountSlices);
    this.memberSlices = scoped('member');
    this.sharedSlices = scoped('shared');
    this.parameters = new LoadParameters(definition.slices);
    this.rowType = commandRows(this.parameters.columns);
    this.commands = new RowBuffer(this.rowType);
    this.baseSql = baseSql(
      this.accountSlices,
      this.memberSlices,
      resolvers.map(({ sql }) => sql),
      this.rowType,
    );
  }

  /**
   * Commands that need lazy rows are loaded in one snapshot of the database: on an account that is written all the
   * time, several statements might never see one version. For the rest, whose lazy rows are read only if something is
   * due, the versions at the end decide.
   * @throws LoadRaceError when accounts keep changing between the statements of such a load.
   */
  async load(client: SqlClient, requests: readonly LoadRequest[], now: number): Promise<Batch> {
    await this.types.require(client, [this.rowType]);
    const { handlers } = this.definition;
    if (requests.some((request) => needsLazyRows(request, handlers.get(request.command.type))))
      return this.inSnapshot(client, () => this.attempt(client, requests, now, ALL_OF_ONE_MOMENT));
    for (let attempt = 0; attempt < MAX_LOADS; attempt += 1) {
      const batch = await this.attempt(client, requests, now, (ids, accounts) =>
        this.stillThere(client, ids, accounts),
      );
      if (batch) return batch;
    }
    throw new LoadRaceError();
  }

  async addShared(client: SqlClient, batch: Batch, now: number): Promise<void> {
    const { sharedSlices, place } = this;
    await addConfigured(client, sharedSlices, this.definition.handlers, batch, { now, place });
  }

  private async inSnapshot(client: SqlClient, load: () => Promise<Batch | null>): Promise<Batch> {
    await client.query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', values: [] });
    try {
      const batch = await load();
      await client.query({ text: 'COMMIT', values: [] });
      return batch as Batch;
    } catch (error) {
      // On a lost connection there is nothing to end, and the first error says more.
      await client.query({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
      throw error;
    }
  }

  /** One try; null when an account changed before its lazy rows were read. */
  private async attempt(
    client: SqlClient,
    requests: readonly LoadRequest[],
    now: number,
    consistent: Consistency,
  ): Promise<Batch | null> {
    const asked = accountsAsked(requests);
    const { rows, configs } = await this.loadCommands(client, asked, now);
    const accounts = new Map<AccountId, AccountEntry>();
    const found = rows.map((row, index) => {
      const { request } = asked[index] as Asked;
      const config = configs.get(request.command.programmeId) as ConfigSnapshot;
      const parameters = this.parameters.valuesOf(request, config, now);
      const { accountId, memberId } = this.readParty(row, request.command, accounts, parameters);
      return { request, row, accountId, memberId };
    });
    const others = new Map(found.slice(requests.length).map((party) => [party.request, party]));
    const loaded = found.slice(0, requests.length).map(({ request, row, accountId, memberId }) => ({
      command: request.command,
      demands: request.demands,
      accountId,
      memberId,
      counterparty:
        request.command.counterparty?.kind === 'new'
          ? this.openAccount(request.command.counterparty.id, row, request.command, accounts)
          : bothOrNull(others.get(request)),
      naturalClaim: readClaim(row, 'n'),
      keyClaim: readClaim(row, 'k'),
      everything: this.lazyRows.allOf(request),
    }));
    const shared = await loadShared(
      client,
      this.sharedSlices,
      this.definition.handlers,
      requests,
      this.place,
    );
    const batch = { commands: loaded, accounts, configs, shared };
    const withLazyRows = await this.lazyRows.load(client, batch, now);
    return withLazyRows.length === 0 || (await consistent(withLazyRows, accounts)) ? batch : null;
  }

  /** Parameters depend on the configuration. If the load finds a newer revision, they are computed again. */
  private async loadCommands(
    client: SqlClient,
    asked: readonly Asked[],
    now: number,
  ): Promise<{ rows: readonly Row[]; configs: ReadonlyMap<ProgrammeId, ConfigSnapshot> }> {
    const revisions = new Map<ProgrammeId, number>(
      asked.map(({ request }) => [request.command.programmeId, 0]),
    );
    for (;;) {
      const configs = new Map<ProgrammeId, ConfigSnapshot>();
      for (const [programmeId, revision] of revisions) {
        configs.set(programmeId, await this.configs.atLeast(programmeId, revision));
      }
      const values = [this.bindCommands(asked, now, configs)];
      const { rows } = await client.query({ name: 'pipeline-load', text: this.baseSql, values });
      let outdated = false;
      for (const [index, row] of rows.entries()) {
        const { programmeId } = (asked[index] as Asked).request.command;
        const revision = Number(row['config_revision']);
        if (revision > (configs.get(programmeId)?.revision ?? -1)) {
          revisions.set(programmeId, revision);
          outdated = true;
        }
      }
      if (!outdated) return { rows, configs };
    }
  }

  private bindCommands(
    asked: readonly Asked[],
    now: number,
    configs: ReadonlyMap<ProgrammeId, ConfigSnapshot>,
  ): Buffer {
    const { commands: rows } = this;
    rows.clear();
    for (const [no, { request, target, main }] of asked.entries()) {
      const { command } = request;
      const occurredAt = (command.body as { occurredAt?: number | null }).occurredAt ?? now;
      const config = configs.get(command.programmeId) as ConfigSnapshot;
      const natural = main ? naturalClaim(command) : null;
      rows.begin();
      rows.put('int', no);
      rows.put('id', command.programmeId);
      rows.put('text', target.kind);
      rows.put('id', 'id' in target ? target.id : null);
      rows.put('text', 'type' in target ? target.type : null);
      rows.put('text', 'value' in target ? target.value : null);
      rows.put('instant', occurredAt);
      rows.put('text', natural?.scope ?? null);
      rows.put('text', natural?.key ?? null);
      rows.put('text', main ? command.idempotencyKey : null);
      const values = this.parameters.valuesOf(request, config, now);
      for (const [index, { type }] of this.parameters.columns.entries()) rows.put(type, values[index]);
    }
    return rows.finish(this.types.oid(this.rowType));
  }

  private readParty(
    row: Row,
    { programmeId }: Command,
    accounts: Map<AccountId, AccountEntry>,
    parameters: readonly unknown[],
  ): { readonly accountId: AccountId | null; readonly memberId: MemberId | null } {
    const accountId = row['account_id'] === null ? null : uuidToId('acc', row['account_id'] as string);
    const memberId = row['member_id'] === null ? null : uuidToId('mbr', row['member_id'] as string);
    if (accountId !== null) {
      const entry = accounts.get(accountId) ?? this.readAccount(row, accountId, programmeId);
      accounts.set(accountId, entry);
      if (memberId !== null) {
        entry.members.set(memberId, this.readMember(row, entry.members.get(memberId)));
        const before = entry.parameters.get(memberId);
        entry.parameters.set(memberId, before ? this.parameters.union(before, parameters) : parameters);
      }
    }
    return { accountId, memberId };
  }

  /** An account that the command opens, as a row of default values would be read. */
  private openAccount(
    accountId: AccountId,
    row: Row,
    { programmeId }: Command,
    accounts: Map<AccountId, AccountEntry>,
  ): LoadedCommand['counterparty'] {
    if (row['member_id'] === null) return null;
    const memberId = uuidToId('mbr', row['member_id'] as string);
    const columns = this.accountSlices.flatMap((slice) => slice.columns);
    const blank = Object.fromEntries(columns.map(({ name, type }) => [name, BLANK[type] ?? null]));
    const nothing = { version: 0, event_seq: 0, event_head: BLANK.bytea, record_sum: BLANK.bytea };
    const defaults = {
      ...{ ...blank, ...nothing, account_id: idToUuid(accountId) },
      // The value of the opening member's account, so that nothing is recorded before the last anchor.
      recorded_until: row['recorded_until'],
    };
    const entry = this.readAccount(defaults, accountId, programmeId);
    entry.members.set(memberId, this.readMember(row, undefined));
    accounts.set(accountId, { ...entry, isNew: true });
    return { accountId, memberId };
  }

  private readAccount(row: Row, accountId: AccountId, programmeId: ProgrammeId): AccountEntry {
    return {
      accountId,
      programmeId,
      version: Number(row['version']),
      eventSequence: Number(row['event_seq']),
      recordedUntil: (row['recorded_until'] as Date | null)?.getTime() ?? 0,
      eventHead: (row['event_head'] as Buffer).toString('hex'),
      recordSum: (row['record_sum'] as Buffer).toString('hex'),
      account: new Map(this.accountSlices.map((slice) => [slice.name, slice.read(row)])),
      members: new Map<MemberId, Map<string, unknown>>(),
      parameters: new Map<MemberId, readonly unknown[]>(),
      changed: false,
      publicEvents: [],
    };
  }

  private readMember(row: Row, known: Map<string, unknown> | undefined): Map<string, unknown> {
    if (!known) return new Map(this.memberSlices.map((slice) => [slice.name, slice.read(row)]));
    for (const slice of this.memberSlices) {
      if (slice.merge) known.set(slice.name, slice.merge(known.get(slice.name), row));
    }
    return known;
  }

  /**
   * Each statement has a snapshot of its own. Versions only grow: if they are unchanged at the end, all results
   * belong together.
   */
  private async stillThere(
    client: SqlClient,
    ids: readonly AccountId[],
    accounts: ReadonlyMap<AccountId, AccountEntry>,
  ): Promise<boolean> {
    const values = [ids.map(idToUuid)];
    const { rows } = await client.query({ name: 'pipeline-versions', text: VERSIONS, values });
    return rows.every((row) => {
      const entry = accounts.get(uuidToId('acc', row['account_id'] as string));
      return entry?.version === Number(row['version']);
    });
  }
}

/** Every command's target in order, then the counterparties of those that have one. */
function accountsAsked(requests: readonly LoadRequest[]): readonly Asked[] {
  const targets = requests.map((request) => ({ request, target: request.command.target, main: true }));
  const others = requests.flatMap((request) => {
    const { counterparty } = request.command;
    if (!counterparty || counterparty.kind === 'new') return [];
    return [{ request, target: counterparty, main: false }];
  });
  return [...targets, ...others];
}

function bothOrNull(
  party: { readonly accountId: AccountId | null; readonly memberId: MemberId | null } | undefined,
): LoadedCommand['counterparty'] {
  if (!party || party.accountId === null || party.memberId === null) return null;
  return { accountId: party.accountId, memberId: party.memberId };
}
