import type { PlannedDefinition, ProgrammePlan } from '../../programme-file/index.js';
import type { ProgrammeText } from './read-programme.js';

/** Prints what a file would change, a line for each field. */
export function printPlan(plan: ProgrammePlan, file: ProgrammeText, out: NodeJS.WritableStream): void {
  for (const definition of plan.definitions) out.write(textOf(definition, file));
  for (const { section, id } of plan.onlyHere) out.write(`${section} ${id}: is not in the file and stays\n`);
  const created = plan.definitions.filter(({ action }) => action === 'create').length;
  const changed = plan.definitions.length - created;
  out.write(
    `From ${plan.effectiveAt} on: ${created} to create, ${changed} to change, ${plan.unchanged} as they are.\n`,
  );
}

function textOf(definition: PlannedDefinition, file: ProgrammeText): string {
  const { section, id, action, changes, draft, replacedAt, refusal } = definition;
  const place = file.placeOf(definition.pointer.replace(/^\/programme/, ''));
  const lines = [`${section} ${id}: ${action}  (${place})`];
  if (action === 'change') lines.push(...changes.map((change) => `  ${change.sentence?.en ?? long(change)}`));
  if (draft && !draft.isThis)
    lines.push(`  Another draft stands there, saved by ${draft.createdBy} at ${draft.createdAt}.`);
  if (replacedAt !== null) lines.push(`  A version that is published already takes over at ${replacedAt}.`);
  if (refusal) {
    lines.push(`  Refused, ${refusal.code}: ${refusal.detail}`);
    for (const { pointer, detail } of refusal.errors)
      lines.push(`    ${file.placeOf(pointer.replace(/^\/programme/, ''))} ${detail}`);
  }
  return `${lines.join('\n')}\n`;
}

function long({ path, before, after }: PlannedDefinition['changes'][number]): string {
  return `${path} changes.\n    - ${JSON.stringify(before)}\n    + ${JSON.stringify(after)}`;
}
