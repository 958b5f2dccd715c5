import { ProblemException } from '../http/problem.exception.js';
import { configDiff, type ConfigChange } from './config-diff.js';
import type { ConfigVersionView } from './config-lifecycle.js';
import type { AnyConfigKind } from './config-snapshot.js';
import { configProblems } from './problems.js';

/** What differs between two versions of one definition. */
export interface VersionDiff {
  readonly id: string;
  readonly from: Side;
  readonly to: Side;
  readonly changes: readonly ConfigChange[];
}

type Side = Pick<ConfigVersionView, 'version' | 'status' | 'effectiveAt'>;

/** The part of a path that means the draft, whatever its number. */
const DRAFT = 'draft';

/**
 * What differs between two versions, each with what was added to its kind after it was published.
 * @param asked the versions' numbers, or `draft`, as they stand in the path.
 * @throws ProblemException CONFIG_NOT_FOUND for a version that there is not.
 */
export function versionDiff(
  kind: AnyConfigKind,
  versions: readonly ConfigVersionView[],
  asked: readonly [from: string, to: string],
): VersionDiff {
  const [from, to] = asked.map((name) => versionNamed(versions, name)) as [
    ConfigVersionView,
    ConfigVersionView,
  ];
  const definitionOf = ({ definition }: ConfigVersionView) =>
    kind.complete?.(definition as never) ?? definition;
  return {
    id: to.id,
    from: sideOf(from),
    to: sideOf(to),
    changes: configDiff(definitionOf(from), definitionOf(to)),
  };
}

function sideOf({ version, status, effectiveAt }: ConfigVersionView): Side {
  return { version, status, effectiveAt };
}

function versionNamed(versions: readonly ConfigVersionView[], name: string): ConfigVersionView {
  const found = versions.find(({ version, status }) =>
    name === DRAFT ? status === 'draft' : String(version) === name,
  );
  if (found) return found;
  const detail = name === DRAFT ? 'There is no draft of it.' : `There is no version ${name} of it.`;
  throw new ProblemException(configProblems.problem('CONFIG_NOT_FOUND', detail));
}
