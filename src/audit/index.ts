export type * from './domain-events.js';
export { AuditModule } from './audit.module.js';
export { auditReactors } from './audit.reactors.js';
export { auditSchemas } from './audit.schemas.js';
export { auditSlice } from './audit.slice.js';
