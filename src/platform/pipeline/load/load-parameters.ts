import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { LoadRequest } from '../batch/load-request.js';
import type { AnySlice, MemberSlice } from '../contract/slice.js';
import type { ColumnType } from '../contract/table.js';

export type LoadParameter = NonNullable<MemberSlice<unknown>['parameters']>[number];

/** The values that commands give to the load beside the accounts they name, such as the first day of a window. */
export class LoadParameters {
  readonly columns: readonly LoadParameter[];

  constructor(slices: readonly AnySlice[]) {
    this.columns = slices.flatMap((slice) => (slice.scope === 'member' ? (slice.parameters ?? []) : []));
  }

  /** @returns a value for each column. */
  valuesOf({ command, demands }: LoadRequest, config: ConfigSnapshot, now: Instant): readonly unknown[] {
    const body = command.body as {
      occurredAt?: number | null;
      measuresAt?: number;
      wholeStanding?: boolean;
      campaignId?: string;
    };
    const occurredAt = body.occurredAt ?? now;
    const { measuresAt = occurredAt, wholeStanding = false, campaignId = null } = body;
    const whole = wholeStanding || (demands !== null && lacksStanding(demands));
    return this.columns.map((column) => column.value(config, occurredAt, now, measuresAt, whole, campaignId));
  }

  /** Whether states that were read for some values have all that other values ask for. */
  cover(read: readonly unknown[], wanted: readonly unknown[]): boolean {
    return this.columns.every(({ type }, index) => covers(type, read[index], wanted[index]));
  }

  /** The values for which two reads together were made. */
  union(one: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
    return this.columns.map(({ type }, index) => widest(type, one[index], other[index]));
  }
}

function lacksStanding(demands: NonNullable<LoadRequest['demands']>): boolean {
  return [...demands.values()].some(({ standing }) => standing);
}

/**
 * Whether what was read for one value of a parameter includes what another value needs. Days are read from one day
 * on.
 */
export function covers(type: ColumnType, read: unknown, wanted: unknown): boolean {
  if (read === wanted || wanted === null) return true;
  return type === 'date' && read !== null && (read as string) <= (wanted as string);
}

/** The value for which two reads together were made. */
export function widest(type: ColumnType, one: unknown, other: unknown): unknown {
  return covers(type, one, other) ? one : other;
}
