export { AuditModule } from './audit.module.js';
export { AUDITED_ACTIONS } from './audited-actions.js';
export { auditReactors } from './audit.reactors.js';
export { auditSchemas } from './audit.schemas.js';
export { auditSlice } from './audit.slice.js';
