import { idToUuid, isId } from '../../kernel/ids.js';

/** Before the first event. Positions are whole numbers from 1 on. */
export const LOG_START = 0;

/** A cursor as it was handed out before events had positions: the writing transaction and the event. */
export interface LegacyCursor {
  readonly xid: string;
  /** As the database has it. */
  readonly eventUuid: string;
}

/** A cursor as callers hold it: the position of the last event that they have. */
export function formatCursor(position: number): string {
  return String(position);
}

/** Reads a caller's cursor; null for anything that is none. */
export function parseCursor(text: string): number | LegacyCursor | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [xid = '', id = '', ...more] = text.split('.');
  const isLegacy = /^\d{1,18}$/.test(xid) && isId('evt', id) && more.length === 0;
  return isLegacy ? { xid, eventUuid: idToUuid(id) } : null;
}
