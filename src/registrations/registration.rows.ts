import { readGrants, type ActivityGrant } from '../activities/index.js';
import { uuidToId, type MemberId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { SEAL, type Table } from '../platform/pipeline/index.js';
import type { RegistrationFacts } from './domain/registration-facts.js';

/** A registration as a command finds it, with the lots that it opened. */
export interface RecordedRegistration {
  readonly facts: RegistrationFacts;
  readonly memberId: MemberId;
  readonly cancelled: boolean;
  readonly grants: readonly ActivityGrant[];
}

export const CAMPAIGN_REGISTRATIONS: Table = {
  name: 'campaign_registrations',
  mode: 'insert',
  sealed: true,
  key: ['registration_id', 'account_id'],
  columns: [
    { name: 'registration_id', type: 'id' },
    { name: 'programme_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'campaign_id', type: 'text' },
    { name: 'campaign_version', type: 'int' },
    { name: 'registered_at', type: 'instant' },
    { name: 'business_date', type: 'date' },
    { name: 'points_granted', type: 'bigint' },
    { name: 'explanation', type: 'json' },
    { name: 'lot_ids', type: 'json' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

export const CAMPAIGN_CANCELLATIONS: Table = {
  name: 'campaign_cancellations',
  mode: 'insert',
  sealed: true,
  key: ['registration_id', 'account_id'],
  columns: [
    { name: 'registration_id', type: 'id' },
    { name: 'programme_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'campaign_id', type: 'text' },
    { name: 'cancelled_at', type: 'instant' },
    { name: 'cause', type: 'text' },
    { name: 'reason', type: 'text' },
    { name: 'taken_from', type: 'json' },
    { name: 'points_taken', type: 'bigint' },
    { name: 'gone', type: 'bigint' },
    { name: 'debt', type: 'bigint' },
    { name: 'forgiven', type: 'bigint' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

/** A row of `REGISTRATIONS_WITH_LOTS`. */
export function readRegistration(row: Row): RecordedRegistration {
  return {
    facts: {
      registrationId: uuidToId('reg', row['registration_id'] as string),
      campaign: { id: row['campaign_id'] as string, version: Number(row['campaign_version']) },
      registeredAt: (row['registered_at'] as Date).getTime(),
      businessDate: row['business_date'] as string,
    },
    memberId: uuidToId('mbr', row['member_id'] as string),
    cancelled: row['cancelled'] as boolean,
    grants: readGrants(row),
  };
}
