import { idToUuid, uuidToId, type AccountId, type MemberId } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { Row } from '../../database/row.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AnySlice, MemberSlice, ReplayStart } from '../contract/slice.js';
import { sqlType } from '../contract/table.js';

/** Runs a statement, and returns its rows. */
export type ReadRows = (sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** A member as a replay begins. */
export interface MemberAtStart {
  readonly memberId: MemberId;
  /** The account the member was enrolled with. */
  readonly accountId: AccountId;
  /** Of the member's slices, by name. */
  readonly states: Map<string, unknown>;
}

/** Reads members as they were when a business day began, with all that a configuration asks for until an instant. */
export class ReplayedMembers {
  private readonly slices: readonly MemberSlice<unknown>[];
  private readonly sql: string;

  constructor(all: readonly AnySlice[]) {
    this.slices = all.filter((slice) => slice.scope === 'member');
    this.sql = membersSql(this.slices);
  }

  /** @returns the members in the order of their ids. */
  async read(
    rows: ReadRows,
    memberIds: readonly MemberId[],
    config: ConfigSnapshot,
    start: ReplayStart,
    until: Instant,
  ): Promise<readonly MemberAtStart[]> {
    const found = new Map<MemberId, MemberAtStart>();
    const ids = memberIds.map(idToUuid);
    for (const values of this.parameterSets(config, start, until))
      for (const row of await rows(this.sql, [ids, new Date(start.at), ...values])) this.add(found, row);
    for (const { states } of found.values())
      for (const slice of this.slices)
        if (slice.startingAt) states.set(slice.name, slice.startingAt(states.get(slice.name), start));
    return [...found.values()];
  }

  private add(found: Map<MemberId, MemberAtStart>, row: Row): void {
    const memberId = uuidToId('mbr', row['replayed_member'] as string);
    const known = found.get(memberId);
    const states =
      known?.states ?? new Map<string, unknown>(this.slices.map((slice) => [slice.name, slice.read(row)]));
    if (known)
      for (const slice of this.slices)
        if (slice.merge) states.set(slice.name, slice.merge(states.get(slice.name), row));
    const accountId = uuidToId('acc', row['replayed_home'] as string);
    found.set(memberId, known ?? { memberId, accountId, states });
  }

  /** What the load is given, for each time from the start on at which something else is in force. */
  private parameterSets(
    config: ConfigSnapshot,
    start: ReplayStart,
    until: Instant,
  ): readonly (readonly unknown[])[] {
    const parameters = this.slices.flatMap((slice) => slice.parameters ?? []);
    const sets = new Map<string, readonly unknown[]>();
    for (const at of [start.at, ...config.turnsBetween(start.at, until)]) {
      const values = parameters.map((parameter) => parameter.value(config, at, at, start.at, true, null));
      sets.set(JSON.stringify(values), values);
    }
    return [...sets.values()];
  }
}

/** `$1` the members, `$2` the instant of the start, then the parameters of the slices. */
function membersSql(slices: readonly MemberSlice<unknown>[]): string {
  const parameters = slices.flatMap((slice) => slice.parameters ?? []);
  const given = parameters.map(({ name, type }, index) => `$${index + 3}::${sqlType(type)} AS ${name}`);
  return `SELECT m.member_id AS replayed_member, m.home_account_id AS replayed_home,
      ${slices.map(({ select }) => select).join(', ')}
    FROM unnest($1::uuid[]) AS u(member_id)
    JOIN members m ON m.member_id = u.member_id
    CROSS JOIN LATERAL (SELECT m.account_id, m.member_id) t
    CROSS JOIN LATERAL (SELECT ${['$2::timestamptz AS occurred_at', ...given].join(', ')}) c
    ${slices.map(({ join }) => join ?? '').join('\n')}
    ORDER BY u.member_id`;
}
