export { changeRequestSchemas } from './change-requests.schemas.js';
export { ChangeRequestsModule } from './change-requests.module.js';
