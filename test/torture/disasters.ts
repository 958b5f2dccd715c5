import { setTimeout as sleep } from 'node:timers/promises';
import { WRITE_CUTS } from './cutting-proxy.js';
import type { EngineSlot } from './engine-slot.js';
import type { Rig } from './rig.js';
import type { SeededRandom } from './seeded-random.js';

const LATE_WRITE_MS = 400;
const DOWN_MS = 500;
/** Most processes stand still for less; some for longer than a silent leader keeps its locks (30 s). */
const FREEZE_MS = { usual: 4_000, long: 36_000, longShare: 0.1 };
const POLL_MS = 20;

/** Breaks things at random, all kinds equally often. */
export class Disasters {
  /** How often each struck. */
  readonly struck = new Map<string, number>();
  /** Engines that are being brought up again. */
  private readonly recoveries = new Set<Promise<void>>();
  /** Why an engine did not come up. */
  private failure: Error | null = null;

  constructor(
    private readonly rig: Rig,
    private readonly random: SeededRandom,
    private readonly everyMs: number,
  ) {}

  /** Strikes until `stopped`, and leaves everything up again. @throws Error when something does not come up */
  async run(stopped: AbortSignal): Promise<void> {
    const over = aborted(stopped);
    const beside = Promise.all([this.cutWrites(stopped, over), this.freezeEngines(stopped)]);
    try {
      while (!stopped.aborted && this.failure === null) {
        for (const strike of this.random.shuffled(this.kinds)) {
          await this.pause(this.everyMs, stopped);
          // On a slow machine, too, something is to be done between two disasters.
          while (!this.pickUp() && !stopped.aborted && this.failure === null) await sleep(POLL_MS);
          if (stopped.aborted || this.failure !== null) break;
          await strike.call(this);
        }
      }
    } finally {
      await beside;
      this.rig.proxy.forgetPlans();
      await Promise.all(this.recoveries);
    }
    if (this.failure !== null) throw this.failure;
  }

  private readonly kinds: readonly (() => Promise<void>)[] = [
    () => this.killEngine(),
    () => this.killEngine(),
    () => this.stopEngine(),
    () => this.killServer('server', () => this.rig.postgres.killAll()),
    () => this.killServer("server's first process", () => this.rig.postgres.killPostmaster()),
    () => this.killServerChild(),
    () => this.cutConnections(),
  ];

  private async killEngine(): Promise<void> {
    const slot = this.pickUp();
    if (!slot) return;
    this.count('engine killed');
    await slot.kill();
    this.bringUp(slot);
  }

  private async stopEngine(): Promise<void> {
    const slot = this.pickUp();
    if (!slot) return;
    this.count('engine stopped');
    await slot.stop();
    this.bringUp(slot);
  }

  private async killServer(what: string, kill: () => Promise<void>): Promise<void> {
    this.count(`${what} killed`);
    await kill();
    await sleep(this.random.whole(0, DOWN_MS));
    await this.rig.postgres.startAgain();
    this.rig.proxy.leadTo(this.rig.postgres.port);
  }

  private async killServerChild(): Promise<void> {
    this.count("server's child killed");
    await this.rig.postgres.killChild(this.random);
  }

  private cutConnections(): Promise<void> {
    this.count('connections cut');
    if (this.random.chance(0.5)) this.rig.proxy.cutAll();
    else this.rig.proxy.cutOne(this.random.fraction());
    return Promise.resolve();
  }

  /** Beside all else, connections break in the middle of a write. */
  private async cutWrites(stopped: AbortSignal, over: Promise<void>): Promise<void> {
    while (!stopped.aborted) {
      const how = this.random.pick(WRITE_CUTS);
      const late = this.random.whole(0, LATE_WRITE_MS);
      await this.pause(this.everyMs / 2, stopped);
      // It waits for a write that comes by, which after the storm is none.
      const done = this.rig.proxy.cutNextWrite(how, () => sleep(late));
      await Promise.race([done, over]);
    }
  }

  /** Beside all else, engines stand still for a while. */
  private async freezeEngines(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.pause(this.everyMs * 2, stopped);
      const slot = this.pickUp();
      if (!slot || stopped.aborted) continue;
      this.count('engine frozen');
      const { usual, long, longShare } = FREEZE_MS;
      const ms = this.random.chance(longShare) ? long : this.random.whole(0, usual);
      const thawed = slot.freeze(ms);
      await Promise.race([thawed, aborted(stopped)]);
      slot.thaw();
    }
  }

  private bringUp(slot: EngineSlot): void {
    const recovery = sleep(this.random.whole(0, DOWN_MS))
      .then(() => slot.start())
      .catch((error: Error) => void (this.failure ??= error))
      .finally(() => this.recoveries.delete(recovery));
    this.recoveries.add(recovery);
  }

  private pickUp(): EngineSlot | undefined {
    const up = this.rig.slots.filter(({ url }) => url !== null);
    return up.length === 0 ? undefined : this.random.pick(up);
  }

  private count(what: string): void {
    this.struck.set(what, (this.struck.get(what) ?? 0) + 1);
  }

  /** Between nothing and twice as long. */
  private async pause(meanMs: number, stopped: AbortSignal): Promise<void> {
    await sleep(this.random.fraction() * 2 * meanMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
