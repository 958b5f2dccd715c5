/** What the embedded server has to say about itself; the shape of a pino logger's text calls. */
export interface EmbeddedLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const SILENT_LOGGER: EmbeddedLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
