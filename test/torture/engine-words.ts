/** What an engine's process says to its parent process: that it listens, and that it answered everything and closed. */
export const READY = 'READY';
export const CLOSED = 'CLOSED';
