import { uuidToId } from '../../../kernel/ids.js';
import type { Row } from '../../database/row.js';
import type { StoredClaim } from '../batch/batch-state.js';
import type { Claim, Command } from '../contract/command.js';

/** The claim by which a repeat of the command finds it: without a claim of the caller, the command's own id. */
export function naturalClaim(command: Command): Claim | null {
  if (command.natural) return command.natural;
  return command.idempotencyKey === null ? { scope: 'command', key: command.commandId } : null;
}

/** A stored claim, from the columns with this prefix. */
export function readClaim(row: Row, prefix: 'n' | 'k'): StoredClaim | null {
  const fingerprint = row[`${prefix}_fingerprint`] as Buffer | null;
  if (fingerprint === null) return null;
  return {
    fingerprint: fingerprint.toString('hex'),
    targetFingerprint: (row[`${prefix}_target`] as Buffer).toString('hex'),
    accountId: uuidToId('acc', row[`${prefix}_account`] as string),
    commandId: row[`${prefix}_command_id`] as string,
    status: Number(row[`${prefix}_status`]),
    answer: row[`${prefix}_answer`] as string | null,
  };
}
