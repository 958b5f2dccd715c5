export type * from './domain-events.js';
export { mergeMembers } from './merge-members.handler.js';
export { mergeEvents } from './merges.events.js';
export { mergeSchemas } from './merges.schemas.js';
export { MergesModule } from './merges.module.js';
