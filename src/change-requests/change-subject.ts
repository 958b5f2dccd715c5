import type { Problem } from '../kernel/problem.js';
import type { Result } from '../kernel/result.js';
import type { Caller, Scope } from '../platform/http/caller.js';
import type { ChangeRequest } from './domain/change-request.js';

/**
 * A kind of change that can wait for a second person. The module that owns what is changed adds its requests with
 * `ChangeRequestStore.add`, and carries an approved one out, here.
 */
export interface ChangeSubject {
  /** As requests name it. */
  readonly name: string;
  /** The scopes of which a key needs one to decide on a request. */
  scopesFor(request: ChangeRequest): readonly Scope[];
  /**
   * Carries an approved request out and ends it as `applied` in the same transaction, or as `lapsed` where its base
   * moved. It locks the request and asks `decisionRefusal` again, for another decision may have come in between.
   */
  apply(request: ChangeRequest, caller: Caller, note: string | null): Promise<Result<ChangeRequest, Problem>>;
}

/** The kinds of change of this process, by name. Modules add theirs in `onModuleInit`. */
export class ChangeSubjects {
  private readonly known = new Map<string, ChangeSubject>();

  add(subject: ChangeSubject): void {
    this.known.set(subject.name, subject);
  }

  /** @throws Error for a subject that no module added. */
  get(name: string): ChangeSubject {
    const subject = this.known.get(name);
    if (!subject) throw new Error(`no module carries out changes of ${name}`);
    return subject;
  }
}
