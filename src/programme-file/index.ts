export { ProgrammeFileModule } from './programme-file.module.js';
export { programmeFileSchemas } from './programme-file.schemas.js';
export type { PlannedDefinition, ProgrammePlan } from './plan.js';
