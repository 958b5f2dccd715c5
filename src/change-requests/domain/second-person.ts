/**
 * Whether a publication waits for a second person.
 * @param twoPersons the kinds for which the programme's policy in force wants two.
 * @param drafted of a draft of the policy: the kinds that it names; null for every other kind.
 */
export function needsSecondPerson(
  kind: string,
  twoPersons: readonly string[],
  drafted: readonly string[] | null,
): boolean {
  if (twoPersons.includes(kind)) return true;
  // One person alone does not take away what another one would have to agree to.
  return drafted !== null && twoPersons.some((named) => !drafted.includes(named));
}
