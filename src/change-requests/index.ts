export { changeRequestNotFound } from './change-request-not-found.js';
export { changeRequestSchemas } from './change-requests.schemas.js';
export { ChangeRequestsModule } from './change-requests.module.js';
export { ChangeRequestStore } from './change-request.store.js';
export { changeRequestView } from './change-request-view.js';
export { ChangeSubjects, type ChangeSubject } from './change-subject.js';
export { contentDigest } from './domain/content-digest.js';
export { CHANGE_REQUEST_LIFE_MS, type ChangeRequest } from './domain/change-request.js';
export { decisionRefusal } from './decision-refusal.js';
