export { AnnouncementsModule } from './announcements.module.js';
export { announcementEvents } from './announcements.events.js';
export { announcementsSlice } from './announcements.slice.js';
export { announceExpiring } from './announce-expiring.handler.js';
export { announceExpiringJob } from './announce-expiring.job.js';
export { ExpiryAnnouncer } from './expiry-announcer.js';
