import { job } from '../platform/jobs/job.js';
import { CalendarPlanner } from './calendar-planner.js';

/** Works out when the anniversaries of members come, after publications and for members who changed. */
export const planGiftsJob = job({
  name: 'plan-calendar-gifts',
  every: { seconds: 20 },
  exclusive: true,
  timeout: { hours: 4 },
  inject: [CalendarPlanner],
  run: (signal, planner) => planner.planAll(signal),
});
