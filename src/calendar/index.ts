export type * from './domain-events.js';
export { calendarSlice } from './calendar.slice.js';
export { carryGifts, earnOnCalendar, giveGifts } from './calendar.reactors.js';
export { calendarSchemas } from './calendar.schemas.js';
export { CalendarModule } from './calendar.module.js';
export { planGifts } from './plan-gifts.handler.js';
export { planGiftsJob } from './plan-gifts.job.js';
