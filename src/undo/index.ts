export { undoJob } from './undo.job.js';
export { UndoModule } from './undo.module.js';
export { undoSchemas } from './undo.schemas.js';
