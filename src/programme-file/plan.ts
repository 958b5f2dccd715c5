import type { FieldError } from '../kernel/problem.js';
import type { ConfigChange } from '../platform/versioned-config/config-diff.js';

/** What becomes of one definition of a file. */
export interface PlannedDefinition {
  readonly section: string;
  readonly kind: string;
  readonly id: string;
  /** Of its routes: `PUT …/draft` and `POST …/publish` bring it about. */
  readonly path: string;
  /** Where it stands in the request. */
  readonly pointer: string;
  /** `keep` where what is in force at the instant says the same already. */
  readonly action: 'create' | 'change' | 'keep';
  readonly changes: readonly ConfigChange[];
  /** With all its defaults, as it would be saved. */
  readonly definition: object;
  /** A draft that stands where this one would be saved. */
  readonly draft: { readonly createdBy: string; readonly createdAt: string; readonly isThis: boolean } | null;
  /** When a version that is published already takes over from it. */
  readonly replacedAt: string | null;
  /** Why its publication would be refused. */
  readonly refusal: {
    readonly code: string;
    readonly detail: string;
    readonly errors: readonly FieldError[];
  } | null;
}

/** What a file would change from an instant on. */
export interface ProgrammePlan {
  readonly effectiveAt: string;
  /** Those that change, in the order of publication. */
  readonly definitions: readonly PlannedDefinition[];
  readonly unchanged: number;
  /** In force at the instant and not in the file; they stay. */
  readonly onlyHere: readonly { readonly section: string; readonly kind: string; readonly id: string }[];
}
