import type { Target } from './command.js';

/**
 * How commands find the account of something that a module owns. Uses `c.ref_id`, or `c.ref_type` and `c.ref_value`.
 */
export interface TargetResolver {
  readonly kind: Target['kind'];
  /** Selects `account_id` and `member_id`; limited to the command's programme. */
  readonly sql: string;
}
