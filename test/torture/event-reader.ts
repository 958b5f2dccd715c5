import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from './rig.js';

const PAUSE_MS = 100;
const PAGE = 200;
const PATIENCE_MS = 60_000;

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

/** Reads the log from cursor to cursor, of whichever engine answers, as a warehouse would. */
export class EventReader {
  /** Ids in the order in which they came; over the whole run. */
  readonly seen: string[] = [];
  private cursor: string | null = null;

  constructor(private readonly rig: Rig) {}

  async run(stopped: AbortSignal): Promise<void> {
    for (let turn = 0; !stopped.aborted; turn += 1) {
      const urls = this.rig.slots.flatMap(({ url }) => (url === null ? [] : [url]));
      const url = urls[turn % Math.max(1, urls.length)];
      const read = url === undefined ? 0 : await this.page(url).catch(() => 0);
      if (read < PAGE) await sleep(PAUSE_MS);
    }
  }

  /** Goes on to the end with an engine that runs undisturbed. */
  async finish(url: string): Promise<void> {
    while ((await this.page(url)) === PAGE);
  }

  /** @returns how many events came. @throws where no page came */
  private async page(url: string): Promise<number> {
    const cursor = this.cursor === null ? '' : `&cursor=${encodeURIComponent(this.cursor)}`;
    const response = await fetch(`${url}/v1/events?limit=${PAGE}${cursor}`, {
      headers: { authorization: `Bearer ${this.rig.key}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    const { data, nextCursor } = JSON.parse(text) as Page;
    this.seen.push(...data.map(({ id }) => id));
    this.cursor = nextCursor ?? this.cursor;
    return data.length;
  }
}
