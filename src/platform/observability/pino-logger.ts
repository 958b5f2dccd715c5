import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Where Nest tells how it puts the application together: a hundred lines at every start. */
const ASSEMBLY = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

/** Nest's logging through pino: one JSON line an entry. */
export class PinoLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: string): void {
    const level = context !== undefined && ASSEMBLY.has(context) ? 'debug' : 'info';
    this.pino[level]({ context }, text(message));
  }
  warn(message: unknown, context?: string): void {
    this.pino.warn({ context }, text(message));
  }
  debug(message: unknown, context?: string): void {
    this.pino.debug({ context }, text(message));
  }
  verbose(message: unknown, context?: string): void {
    this.pino.trace({ context }, text(message));
  }
  fatal(message: unknown, context?: string): void {
    this.pino.fatal({ context }, text(message));
  }
  /** Nest passes (message | error, stack?, context?). */
  error(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    this.pino.error({ context, ...(message instanceof Error ? { err: message } : {}) }, text(message));
  }
}

function text(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
