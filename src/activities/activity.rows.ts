import type { DomainEventOf, LotOrigin, VersionRef } from '../kernel/domain-events.js';
import { uuidToId, type LotId, type MemberId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Row } from '../platform/database/row.js';
import type { ActivityFacts } from './domain/activity-facts.js';
import { SEAL, type Table } from '../platform/pipeline/index.js';

/** What one rule gave for an activity, as far as it is one lot. */
export interface ActivityGrant {
  readonly lotId: LotId;
  readonly rule: VersionRef;
  readonly origin: LotOrigin;
  readonly points: Points;
  /** Of its points those that expired, or were cancelled, in other accounts of the member. */
  readonly goneElsewhere: Points;
}

/** An activity as a command finds it. */
export interface RecordedActivity {
  readonly facts: ActivityFacts;
  readonly memberId: MemberId;
  /** The member was active, so that rules gave something and limits counted it. */
  readonly counted: boolean;
  readonly cancelled: boolean;
  readonly grants: readonly ActivityGrant[];
}

export const ACTIVITIES: Table = {
  name: 'activities',
  mode: 'insert',
  sealed: true,
  key: ['activity_id', 'account_id'],
  columns: [
    { name: 'activity_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'type', type: 'text' },
    { name: 'type_version', type: 'int' },
    { name: 'source', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'business_date', type: 'date' },
    { name: 'attributes', type: 'json' },
    { name: 'explanation', type: 'json' },
    { name: 'lot_ids', type: 'json' },
    { name: 'counted', type: 'boolean' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

export const ACTIVITY_CANCELLATIONS: Table = {
  name: 'activity_cancellations',
  mode: 'insert',
  sealed: true,
  key: ['activity_id', 'account_id'],
  columns: [
    { name: 'activity_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'cancelled_at', type: 'instant' },
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

/** A row of `ACTIVITIES_WITH_LOTS`. */
export function readActivity(row: Row): RecordedActivity {
  return {
    facts: {
      activityId: uuidToId('atv', row['activity_id'] as string),
      type: { id: row['type'] as string, version: Number(row['type_version']) },
      source: row['source'] as string,
      externalId: row['external_id'] as string,
      occurredAt: (row['occurred_at'] as Date).getTime(),
      businessDate: row['business_date'] as string,
      attributes: row['attributes'] as Record<string, unknown>,
    },
    memberId: uuidToId('mbr', row['member_id'] as string),
    counted: row['counted'] as boolean,
    cancelled: row['cancelled'] as boolean,
    grants: readGrants(row),
  };
}

/** The lots of a grant that rules gave for its cause; what was given for something else names that as its source. */
export function grantsIn({ data: { cause, lots } }: DomainEventOf<'lots.granted'>): readonly ActivityGrant[] {
  return lots.flatMap(({ lotId, rule, origin, points, source }): readonly ActivityGrant[] =>
    rule && (source ?? cause).id === cause.id ? [{ lotId, rule, origin, points, goneElsewhere: 0 }] : [],
  );
}

/** What `grantsSql` selects, in the column `grants`. */
export function readGrants(row: Row): readonly ActivityGrant[] {
  return ((row['grants'] ?? []) as unknown[][]).map(readGrant);
}

function readGrant([lotId, ruleId, version, origin, points, goneElsewhere]: unknown[]): ActivityGrant {
  return {
    lotId: uuidToId('lot', lotId as string),
    rule: { id: ruleId as string, version: version as number },
    origin: origin as LotOrigin,
    points: points as number,
    goneElsewhere: Number(goneElsewhere),
  };
}
