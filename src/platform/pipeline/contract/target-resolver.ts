import type { Target } from './command.js';

/** How a module lets commands find the account of something it owns; uses `c.ref_id` or `c.ref_type`, `c.ref_value`. */
export interface TargetResolver {
  readonly kind: Target['kind'];
  /** Selects `account_id` and `member_id`; limited to the command's programme. */
  readonly sql: string;
}
