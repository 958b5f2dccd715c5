export type * from './domain-events.js';
export { cancelRegistration } from './cancel-registration.handler.js';
export { keepOneOnMerge } from './merge.reactors.js';
export { register } from './register.handler.js';
export { registrationEvents } from './registrations.events.js';
export { registrationSchemas } from './registrations.schemas.js';
export { registrationsSlice } from './registrations.slice.js';
export { RegistrationsModule } from './registrations.module.js';
export { registrationTarget } from './registration-load.query.js';
