export { EventCatalogue } from './event-catalogue.js';
export { EventsModule } from './events.module.js';
export { eventSchemas } from './events.schemas.js';
