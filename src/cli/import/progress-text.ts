/** How far a phase has come. */
export interface Snapshot {
  /** `2/3 grouping`. */
  readonly phase: string;
  /** In whatever the phase is measured by. */
  readonly done: number;
  readonly total: number;
  /** What a person wants counted: rows or baskets. */
  readonly counted: number;
  readonly unit: string;
  readonly elapsedMs: number;
}

/** One line: `2/3 grouping  45 %  34,000 rows  12,000 rows/s  3 s left`. */
export function progressText({ phase, done, total, counted, unit, elapsedMs }: Snapshot): string {
  const percent = total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : 100;
  const left = timeLeftMs(done, total, elapsedMs);
  const parts = [
    phase,
    `${percent} %`,
    `${count(counted)} ${unit}`,
    `${count(perSecond(counted, elapsedMs))} ${unit}/s`,
    left === null ? 'time left unknown' : `${duration(left)} left`,
  ];
  return parts.join('  ');
}

/** Milliseconds the rest will take if it goes on like this; null while too little is done to tell. */
export function timeLeftMs(done: number, total: number, elapsedMs: number): number | null {
  return done * 100 >= total ? Math.round((elapsedMs * Math.max(0, total - done)) / Math.max(1, done)) : null;
}

/** Whole things a second. */
export function perSecond(things: number, elapsedMs: number): number {
  return elapsedMs > 0 ? Math.round((things * 1000) / elapsedMs) : 0;
}

/** 3 s, 2 min 05 s, 1 h 02 min. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** 1,234,567 */
export function count(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
