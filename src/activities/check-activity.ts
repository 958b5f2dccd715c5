import { activityTypeInForce, attributeFaults, type ActivityType } from '../activity-types/index.js';
import type { VersionRef } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Setting } from '../platform/pipeline/index.js';
import { isBeyond } from '../programmes/index.js';
import type { ActivityBody } from './domain/activity-body.js';
import { activityProblems } from './problems.js';

/** An activity that is sound by itself. */
export interface CheckedActivity {
  readonly type: VersionRef;
  readonly extendsExpiry: boolean;
}

/**
 * Checks an activity as far as its member makes no difference: by the version of its type that was in force when it
 * occurred. Who may report it, and how far back, goes by the version in force now.
 */
export function checkActivity(body: ActivityBody, setting: Setting): Result<CheckedActivity, Problem> {
  const { config, now } = setting;
  const published = activityTypeInForce(config, body.type, body.occurredAt);
  if (!published) {
    const detail = `No activity type ${body.type} was in force when it occurred.`;
    return refuse(fieldProblem('ACTIVITY_TYPE_UNKNOWN', '/type', detail));
  }
  const today = activityTypeInForce(config, body.type, now) ?? published;
  const { reportedBy } = today.body;
  if (!reportedBy.some((scope) => body.reporters.includes(scope))) {
    const detail = `Activities of the type ${body.type} are reported with the scope ${reportedBy.join(' or ')}.`;
    return refuse(
      activityProblems.problem('ACTIVITY_NOT_REPORTABLE', detail, { meta: { required: reportedBy } }),
    );
  }
  if (published.body.retired) {
    const detail = `The activity type ${body.type} was retired when it occurred.`;
    return refuse(fieldProblem('ACTIVITY_TYPE_RETIRED', '/type', detail));
  }
  const misdated = dateFault(body, today.body, setting);
  if (misdated) return refuse(misdated);
  const errors = attributeFaults(published.body, body.attributes, '/attributes');
  if (errors.length > 0) {
    const detail = `The attributes do not fit the activity type ${body.type}.`;
    return refuse(activityProblems.problem('ACTIVITY_ATTRIBUTES_INVALID', detail, { errors }));
  }
  const { version, body: type } = published;
  return ok({ type: { id: body.type, version }, extendsExpiry: type.extendsExpiry });
}

/** A key with the scope import may go further back than the type lets others. */
function dateFault(
  { occurredAt, type }: ActivityBody,
  { secondsAhead, daysBack }: ActivityType,
  { now, unbound, config }: Setting,
): Problem | null {
  if (occurredAt > now + secondsAhead * 1000) {
    const detail = `occurredAt is more than ${secondsAhead} seconds ahead of the server's clock.`;
    return fieldProblem('ACTIVITY_IN_FUTURE', '/occurredAt', detail);
  }
  if (unbound || !isBeyond(daysBack, occurredAt, now, config.timeZone)) return null;
  const detail = `Activities of the type ${type} may be dated at most ${daysBack} days back.`;
  return fieldProblem('ACTIVITY_TOO_OLD', '/occurredAt', detail);
}

type FieldCode =
  'ACTIVITY_TYPE_UNKNOWN' | 'ACTIVITY_TYPE_RETIRED' | 'ACTIVITY_IN_FUTURE' | 'ACTIVITY_TOO_OLD';

function fieldProblem(code: FieldCode, pointer: string, detail: string): Problem {
  return activityProblems.problem(code, detail, { errors: [{ pointer, code, detail }] });
}
