/**
 * The join that leads from a row that names a member to that member as `now`: the one that the member was merged into,
 * or the same.
 * @param row the alias of the row, which has `member_id`.
 * @param programmeId an expression: only a member of that programme; absent where the row was found by its account.
 */
export function presentMember(row: string, programmeId?: string): string {
  const ofProgramme = programmeId === undefined ? '' : ` AND named.programme_id = ${programmeId}`;
  return `JOIN members named ON named.member_id = ${row}.member_id${ofProgramme}
    JOIN members now ON now.member_id = coalesce(named.merged_into, named.member_id)`;
}
