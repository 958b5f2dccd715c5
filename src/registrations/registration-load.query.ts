import { grantsSql } from '../activities/index.js';
import { presentMember } from '../members/index.js';
import type { TargetResolver } from '../platform/pipeline/index.js';

/** How commands about a registration find its account: the present one of its member, or of the survivor. */
export const registrationTarget: TargetResolver = {
  kind: 'registration',
  sql: `SELECT now.account_id, now.member_id FROM campaign_registrations r
    ${presentMember('r', 'c.programme_id')}
    WHERE c.kind = 'registration' AND r.registration_id = c.ref_id`,
};

/** Registrations that commands name, under the accounts their members have now, with the lots that they opened. */
export const REGISTRATIONS_WITH_LOTS = `SELECT now.account_id, r.registration_id, now.member_id, r.campaign_id,
    r.campaign_version, r.registered_at, r.business_date,
    EXISTS (SELECT FROM campaign_cancellations x WHERE x.registration_id = r.registration_id) AS cancelled,
    ${grantsSql('r')} AS grants
  FROM unnest($2::uuid[]) AS s(id)
  JOIN campaign_registrations r ON r.registration_id = s.id
  ${presentMember('r')}
  WHERE now.account_id = ANY($1::uuid[])`;
