import { ExpiryAnnouncer } from '../../src/ledger/index.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { ApplyDue } from '../../src/ledger/index.js';

/** An engine in this process that runs no job by itself; the bench starts each one. */
export class JobEngine {
  private constructor(private readonly engine: Engine) {}

  static async on(databaseUrl: string): Promise<JobEngine> {
    const engine = await createEngine({
      databaseUrl,
      host: '127.0.0.1',
      port: 0,
      logLevel: 'error',
      shards: 1,
      queueLimit: 4096,
      poolSize: 10,
      background: false,
      docs: false,
    });
    // Everything is put together as when it listens, but for the port.
    await engine.app.init();
    return new JobEngine(engine);
  }

  /** What the night does, in its order. @returns how many accounts were settled. */
  async night(): Promise<number> {
    const settled = await this.engine.app.get(ApplyDue).all();
    await this.engine.app.get(ExpiryAnnouncer).announceDue();
    return settled;
  }

  /** @returns how many accounts were settled. */
  applyDue(): Promise<number> {
    return this.engine.app.get(ApplyDue).all();
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
