import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { errorFields } from './error-fields.js';

/** The logger context in which Nest reports how it assembles the application: a hundred lines at every start. */
const ASSEMBLY = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

/** A log line with fields beside its text: the request that it is about, for instance. */
export interface LogEntry {
  readonly message: string;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

/** Nest's logging through pino: one JSON line an entry. Errors are written field by field (`errorFields`). */
export class PinoLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: string): void {
    const level = context !== undefined && ASSEMBLY.has(context) ? 'debug' : 'info';
    this.write(level, message, context);
  }
  warn(message: unknown, context?: string): void {
    this.write('warn', message, context);
  }
  debug(message: unknown, context?: string): void {
    this.write('debug', message, context);
  }
  verbose(message: unknown, context?: string): void {
    this.write('trace', message, context);
  }
  fatal(message: unknown, context?: string): void {
    this.write('fatal', message, context);
  }
  /** Nest passes (message | error, stack?, context?). */
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest.at(-1));
  }

  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    context: unknown,
  ) {
    if (message instanceof Error) {
      this.pino[level]({ context, err: errorFields(message) }, message.message);
    } else if (isEntry(message)) {
      const { message: text, error, ...fields } = message;
      this.pino[level](
        { context, ...fields, ...(error === undefined ? {} : { err: errorFields(error) }) },
        text,
      );
    } else {
      this.pino[level]({ context }, typeof message === 'string' ? message : JSON.stringify(message));
    }
  }
}

function isEntry(message: unknown): message is LogEntry {
  return (
    typeof message === 'object' &&
    message !== null &&
    'message' in message &&
    typeof message.message === 'string'
  );
}
