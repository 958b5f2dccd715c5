export { EventCatalogue, type EventSchema } from './event-catalogue.js';
export { EventsModule } from './events.module.js';
