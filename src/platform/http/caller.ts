import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { KeyId, ProgrammeId } from '../../kernel/ids.js';
import { ProblemException } from './problem.exception.js';
import { httpProblems } from './problems.js';

/** What a key may be used for. */
export const SCOPES = [
  'pos',
  'members',
  'transfers',
  'activities',
  'admin',
  'keys',
  'limits',
  'finance',
  'analyst',
  'auditor',
  'import',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The caller: an API key, bound to one programme. */
export interface Caller {
  readonly keyId: KeyId;
  /** The first key of its line: it was made without another key, and this key descends from it. */
  readonly line: KeyId;
  readonly programmeId: ProgrammeId;
  readonly scopes: readonly Scope[];
  /** Whose telephone numbers may lack their country code, by the programme's policy; null or absent: none. */
  readonly phoneRegion?: string | null;
}

/**
 * Finds the caller behind a key's text; null for unknown, expired and revoked keys alike. What is known is said at
 * once: most requests have a key that was looked up a moment ago.
 */
export interface KeyAuthenticator {
  authenticate(key: string): Caller | null | Promise<Caller | null>;
}

export const REQUIRED_SCOPES = 'laurel:scopes';

/** Any one of these scopes is enough; a route without it needs no key. */
export const Scopes = (...scopes: Scope[]) => SetMetadata(REQUIRED_SCOPES, scopes);

/** For what only some of a route's scopes may ask. @throws ProblemException FORBIDDEN without any of them. */
export function requireScope({ scopes }: Caller, required: readonly Scope[]): void {
  if (required.some((scope) => scopes.includes(scope))) return;
  const detail = `This needs a key with the scope ${required.join(' or ')}.`;
  throw new ProblemException(httpProblems.problem('FORBIDDEN', detail, { meta: { required } }));
}

/** The caller that the guard admitted. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<{ caller?: Caller }>();
  if (!caller) throw new Error('route without @Scopes asks for its caller');
  return caller;
});
