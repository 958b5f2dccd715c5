import type { AccountSlice, MemberSlice } from '../contract/slice.js';
import type { LoadParameter } from './load-parameters.js';
import type { Column } from '../contract/table.js';
import { rowType, unnested, type RowType } from '../sql/row-type.js';

/** What a command names and claims, as columns of the statement's input. */
const COMMAND_COLUMNS: readonly Column[] = [
  { name: 'no', type: 'int' },
  { name: 'programme_id', type: 'id' },
  { name: 'kind', type: 'text' },
  { name: 'ref_id', type: 'id' },
  { name: 'ref_type', type: 'text' },
  { name: 'ref_value', type: 'text' },
  { name: 'occurred_at', type: 'instant' },
  { name: 'natural_scope', type: 'text' },
  { name: 'natural_key', type: 'text' },
  { name: 'idempotency_key', type: 'text' },
];

/** Commands as rows of the statement's one parameter. */
export function commandRows(parameters: readonly LoadParameter[]): RowType {
  return rowType('commands', [...COMMAND_COLUMNS, ...parameters.map(({ name, type }) => ({ name, type }))]);
}

/**
 * The statement that loads the accounts of a batch: a row for each target and counterparty, in their order.
 * @param resolvers SQL by which modules find accounts, see `TargetResolver`.
 */
export function baseSql(
  accountSlices: readonly AccountSlice<unknown>[],
  memberSlices: readonly MemberSlice<unknown>[],
  resolvers: readonly string[],
  commands: RowType,
): string {
  const accountColumns = accountSlices.flatMap((slice) => slice.columns.map((column) => `a.${column.name}`));
  const select = [
    't.account_id, t.member_id, m.home_account_id, p.config_revision, a.version, a.event_seq, a.event_head, a.record_sum',
    'greatest(a.last_recorded_at, p.anchored_until) AS recorded_until',
    'n.fingerprint n_fingerprint, n.command_id n_command_id, n.status n_status, n.answer n_answer, n.target_fingerprint n_target, n.account_id n_account',
    'k.fingerprint k_fingerprint, k.command_id k_command_id, k.status k_status, k.answer k_answer, k.target_fingerprint k_target, k.account_id k_account',
    ...accountColumns,
    ...accountSlices.flatMap((slice) => slice.select ?? []),
    ...memberSlices.map((slice) => slice.select),
  ];
  return `SELECT ${select.join(', ')}
    FROM ${unnested(1, commands, 'c')}
    JOIN programmes p ON p.programme_id = c.programme_id
    LEFT JOIN LATERAL (${resolvers.join(' UNION ALL ')} LIMIT 1) t ON true
    LEFT JOIN accounts a ON a.account_id = t.account_id
    LEFT JOIN members m ON m.member_id = t.member_id
    LEFT JOIN claims n ON n.programme_id = c.programme_id AND n.scope = c.natural_scope AND n.key = c.natural_key
    LEFT JOIN claims k ON k.programme_id = c.programme_id AND k.scope = 'idempotency-key' AND k.key = c.idempotency_key
    ${[...accountSlices, ...memberSlices].map((slice) => slice.join ?? '').join('\n')}
    ORDER BY c.no`;
}
