import type { TransferFacts } from '../ledger/index.js';
import { uuidToId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type AccountSlice, type Table } from '../platform/pipeline/index.js';

export const TRANSFERS: Table = {
  name: 'transfers',
  mode: 'insert',
  sealed: true,
  key: ['transfer_id', 'account_id'],
  columns: [
    { name: 'transfer_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'kind', type: 'text' },
    { name: 'to_account_id', type: 'id' },
    { name: 'to_member_id', type: 'id' },
    { name: 'points', type: 'bigint' },
    { name: 'debt', type: 'bigint' },
    { name: 'lots', type: 'json' },
    { name: 'note', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'transferred_at', type: 'instant' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

interface GivenTransfer {
  readonly transfer: TransferFacts;
  readonly actor: string;
}

/** Transfers that left the account, not written yet; the account that gave keeps the record. */
export const transfersSlice: AccountSlice<readonly GivenTransfer[]> = {
  scope: 'account',
  name: 'transfers',
  columns: [],
  read: () => [],
  afterWrite: () => [],
  apply: (given, event) =>
    event.type === 'transfer.completed' && event.data.transfer.from.accountId === event.accountId
      ? [...given, { transfer: event.data.transfer, actor: event.actor }]
      : given,
  rows: (given, sink) => {
    for (const { transfer, actor } of given) {
      sink.add(TRANSFERS, transfer.from.accountId, {
        transfer_id: transfer.transferId,
        member_id: transfer.from.memberId,
        kind: transfer.kind,
        to_account_id: transfer.to.accountId,
        to_member_id: transfer.to.memberId,
        points: transfer.points,
        debt: transfer.debt,
        lots: transfer.lots,
        note: transfer.note,
        external_id: transfer.externalId,
        transferred_at: transfer.transferredAt,
        actor,
      });
    }
  },
};

/** A transfer as it is stored. */
export function readTransfer(row: Row): TransferFacts {
  return {
    transferId: uuidToId('trf', row['transfer_id'] as string),
    kind: row['kind'] as TransferFacts['kind'],
    points: Number(row['points']),
    debt: Number(row['debt']),
    from: side(row['account_id'], row['member_id']),
    to: side(row['to_account_id'], row['to_member_id']),
    lots: row['lots'] as TransferFacts['lots'],
    note: row['note'] as string | null,
    externalId: row['external_id'] as string | null,
    transferredAt: (row['transferred_at'] as Date).getTime(),
  };
}

function side(accountId: unknown, memberId: unknown): TransferFacts['from'] {
  return {
    accountId: uuidToId('acc', accountId as string),
    memberId: uuidToId('mbr', memberId as string),
  };
}
