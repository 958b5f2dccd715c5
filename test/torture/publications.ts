import { setTimeout as sleep } from 'node:timers/promises';
import { ProgrammeBuilder } from '../builders/programme.js';
import { ApiClient } from '../harness/api-client.js';
import { ORDERED } from './operations.js';
import type { Rig } from './rig.js';

const EVERY_MS = 400;

/** Publishes the same rule again and again beside the load: each publication has batches decided anew. */
export class Publications {
  readonly counts = { published: 0, failed: 0 };

  constructor(private readonly rig: Rig) {}

  async run(stopped: AbortSignal): Promise<void> {
    for (let turn = 0; !stopped.aborted; turn += 1) {
      const urls = this.rig.slots.flatMap(({ url }) => (url === null ? [] : [url]));
      const url = urls[turn % Math.max(1, urls.length)];
      if (url !== undefined) await this.publish(url);
      await sleep(EVERY_MS);
    }
  }

  private async publish(url: string): Promise<void> {
    try {
      const lines = { excludeCategories: [ORDERED] };
      await new ProgrammeBuilder(new ApiClient(url, this.rig.key)).rule('base', { lines });
      this.counts.published += 1;
    } catch {
      // The engine or the server was struck, or a publication before is answered by neither; the next one comes.
      this.counts.failed += 1;
    }
  }
}
