import { randomUUID } from 'node:crypto';
import type { Choice, LoadPlan, Work } from './plan.js';
import { receiptOf } from './receipt.js';

/** What a request was about. */
export type Task = 'purchase' | 'replay' | 'hold' | 'capture' | 'redemption' | 'return' | 'read';

export interface Request {
  readonly task: Task;
  /** All of it, head and body, in ASCII. */
  readonly text: string;
}

/** Ids that are kept for returns, and requests that may be sent again. */
const KEPT_IDS = 200_000;
const KEPT_REQUESTS = 1024;

const STATUS: Readonly<Record<Task, number>> = {
  purchase: 201,
  replay: 200,
  hold: 201,
  capture: 200,
  redemption: 201,
  return: 201,
  read: 200,
};

/** The status that a task should be answered with. */
export function expectedStatus(task: Task): number {
  return STATUS[task];
}

/** Receipts recorded so far that may come back, oldest first; it outlives a plan. */
export class Remembered {
  private readonly ids: string[] = [];
  private next = 0;

  add(id: string): void {
    if (this.ids.length - this.next >= KEPT_IDS) this.next += 1;
    this.ids.push(id);
    // What was taken is let go of in one piece now and then.
    if (this.next < KEPT_IDS) return;
    this.ids.splice(0, this.next);
    this.next = 0;
  }

  take(): string | undefined {
    const id = this.ids[this.next];
    if (id !== undefined) this.next += 1;
    return id;
  }
}

/** Makes the requests of a plan one after the other. */
export class RequestSource {
  private readonly work: Work;
  private number = 0;
  private readonly pick: () => number;
  private readonly random: () => number;
  private readonly heads: {
    readonly post: (path: string, body: string) => string;
    get(path: string): string;
  };
  /** Receipts that were answered, to be sent again. */
  private readonly answered: string[] = [];
  private kept = 0;
  private at = '';
  private atMillis = 0;

  constructor(
    { url, key, work }: Pick<LoadPlan, 'url' | 'key' | 'work'>,
    private readonly remembered: Remembered,
  ) {
    this.work = work;
    this.heads = headsFor(url, key);
    this.random = randomFrom('source' in work ? work.source : work.kind);
    this.pick = picker(work, this.random);
  }

  /** The next request; null when there is nothing left to ask for. */
  next(): Request | null {
    const { work } = this;
    switch (work.kind) {
      case 'purchase':
        return this.purchase(work.source, this.pick());
      case 'fund':
        return this.number < work.members ? this.purchase(work.source, this.number) : null;
      case 'redemption':
        return this.redemption('hold', this.pick());
      case 'return':
        return this.giveBack(work.source);
      case 'read':
        return this.read(work.memberIds[this.pick()] as string);
      case 'mix':
        return this.mixed(work);
    }
  }

  /** What follows on an answer on the same connection; null when the task is done. */
  follow({ task, text }: Request, answer: string): Request | null {
    if (task === 'purchase' && this.work.kind === 'mix') {
      this.answered[this.kept % KEPT_REQUESTS] = text;
      this.kept += 1;
    }
    if (task === 'hold')
      return { task: 'capture', text: this.heads.post(`/v1/redemptions/${idIn(answer)}/capture`, '{}') };
    if (task === 'purchase' && this.remembers) this.remembered.add(idIn(answer));
    return null;
  }

  /** Whether `follow` looks into the answer to a task. */
  reads(task: Task): boolean {
    return task === 'hold' || (task === 'purchase' && this.remembers);
  }

  /** The body of the next receipt, for a stream. */
  line(): string {
    const { work } = this;
    if (work.kind === 'fund')
      return this.number < work.members ? `${this.receipt(work.source, this.number)}\n` : '';
    if (work.kind !== 'purchase') throw new Error('a stream carries receipts');
    return `${this.receipt(work.source, this.pick())}\n`;
  }

  private get remembers(): boolean {
    return this.work.kind === 'mix' || (this.work.kind === 'purchase' && this.work.remember === true);
  }

  private mixed(work: Extract<Work, { kind: 'mix' }>): Request {
    const dice = this.random() * 100;
    if (dice < 70) {
      // The oldest that is kept.
      if (dice < 0.7 && this.answered.length === KEPT_REQUESTS)
        return { task: 'replay', text: this.answered[this.kept % KEPT_REQUESTS] as string };
      return this.purchase(work.source, this.pick());
    }
    if (dice < 80) return this.redemption('redemption', this.pick());
    if (dice < 85) return this.giveBack(work.source) ?? this.purchase(work.source, this.pick());
    return this.read(work.memberIds[this.pick()] as string);
  }

  private purchase(source: string, member: number): Request {
    return { task: 'purchase', text: this.heads.post('/v1/purchases', this.receipt(source, member)) };
  }

  private receipt(source: string, member: number): string {
    const number = this.number;
    this.number += 1;
    return receiptOf(source, number, member, this.now());
  }

  private redemption(task: 'hold' | 'redemption', member: number): Request {
    const mode = task === 'hold' ? 'authorise' : 'capture';
    const body = `{"member":{"externalId":"m-${member}"},"points":1,"mode":"${mode}","externalId":"${randomUUID()}"}`;
    return { task, text: this.heads.post('/v1/redemptions', body) };
  }

  private giveBack(source: string): Request | null {
    const id = this.remembered.take();
    if (id === undefined) return null;
    const number = this.number;
    this.number += 1;
    const body = `{"source":"${source}","receiptNo":"back-${number}","occurredAt":"${this.now()}","whole":true}`;
    return { task: 'return', text: this.heads.post(`/v1/purchases/${id}/returns`, body) };
  }

  private read(memberId: string): Request {
    return { task: 'read', text: this.heads.get(`/v1/members/${memberId}/balance`) };
  }

  /** Written anew once a millisecond: many receipts share one. */
  private now(): string {
    const millis = Date.now();
    if (millis !== this.atMillis) {
      this.atMillis = millis;
      this.at = new Date(millis).toISOString();
    }
    return this.at;
  }
}

function headsFor(url: string, key: string) {
  const common = `Host: ${new URL(url).host}\r\nAuthorization: Bearer ${key}\r\n`;
  const json = `${common}Content-Type: application/json\r\nContent-Length: `;
  return {
    post: (path: string, body: string) => `POST ${path} HTTP/1.1\r\n${json}${body.length}\r\n\r\n${body}`,
    get: (path: string) => `GET ${path} HTTP/1.1\r\n${common}\r\n`,
  };
}

/** The first id in a JSON text, the answer's own. */
function idIn(answer: string): string {
  const at = answer.indexOf('"id":"');
  if (at < 0) throw new Error(`no id in ${answer.slice(0, 300)}`);
  return answer.slice(at + 6, answer.indexOf('"', at + 6));
}

/** A pseudo-random number from 0 to 1 (mulberry32), the same sequence for the same text. */
export function randomFrom(text: string): () => number {
  let state = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1)
    state = Math.imul(state ^ text.charCodeAt(index), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function picker(work: Work, random: () => number): () => number {
  const count = membersOf(work);
  const pick: Choice = 'pick' in work ? work.pick : 'spread';
  if (pick === 'hot') return () => 0;
  if (pick === 'spread') return () => Math.floor(random() * count);
  const sums = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index += 1) sums[index] = sum += 1 / (index + 1);
  return () => firstAbove(sums, random() * sum);
}

function membersOf(work: Work): number {
  if ('memberIds' in work) return work.memberIds.length;
  return 'members' in work ? work.members : 1;
}

/** The first index whose value is above, by halves. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
