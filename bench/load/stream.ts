import { connect, type Socket } from 'node:net';
import type { LoadPlan, Shape } from './plan.js';
import type { Tally } from './tally.js';
import type { RequestSource } from './works.js';

type Stream = Extract<Shape, { kind: 'stream' }>;

const DRAIN_LIMIT_MS = 30_000;
const RECORDED = '{"status":201,"replayed":false,';

/** Streams receipts over each connection for so long, then ends the requests. @returns the seconds until the last answer. */
export async function streams(
  plan: LoadPlan & { readonly shape: Stream },
  source: RequestSource,
  tally: Tally,
): Promise<number> {
  const started = performance.now();
  const end = started + plan.seconds * 1000;
  const each = Array.from({ length: plan.shape.connections }, () =>
    new LineStream(plan, source, tally, end).run(),
  );
  await Promise.all(each);
  return (performance.now() - started) / 1000;
}

/** One request whose body is lines, and whose answer is lines. */
class LineStream {
  private unanswered = 0;
  private ended = false;
  private readonly answer: ChunkedLines;
  private settle: () => void = () => undefined;
  private socket!: Socket;

  constructor(
    private readonly plan: LoadPlan & { readonly shape: Stream },
    private readonly source: RequestSource,
    private readonly tally: Tally,
    private readonly end: number,
  ) {
    this.answer = new ChunkedLines(RECORDED.length, (lineStart) => {
      this.unanswered -= 1;
      if (lineStart === RECORDED) this.tally.lines(1);
      else this.tally.problem(`a line was answered ${lineStart}`);
    });
  }

  async run(): Promise<void> {
    const first = this.take();
    if (first === '') return;
    const { hostname, port } = new URL(this.plan.url);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const timer = setTimeout(() => this.socket.destroy(), this.end - performance.now() + DRAIN_LIMIT_MS);
    await new Promise<void>((resolve) => {
      this.settle = resolve;
      this.socket.once('connect', () => {
        this.socket.write(this.head(), 'latin1');
        this.send(first);
      });
      this.socket.on('data', (chunk: Buffer) => this.read(chunk));
      this.socket.on('error', (error) => this.tally.problem(`a stream was lost: ${error.message}`));
      this.socket.on('close', resolve);
    });
    clearTimeout(timer);
    this.socket.destroy();
    if (this.unanswered === 0 && this.answer.over) return;
    this.tally.unanswered += this.unanswered;
    this.tally.problem(`a stream ended with ${this.unanswered} lines unanswered`);
  }

  private read(chunk: Buffer): void {
    this.answer.feed(chunk);
    if (this.answer.over) this.settle();
    else this.fill();
  }

  /** Sends as many lines as may be under way, in one piece; when there are no more, the end of the body. */
  private fill(): void {
    if (!this.ended) this.send(this.take());
  }

  private send(lines: string): void {
    if (lines !== '') this.socket.write(`${lines.length.toString(16)}\r\n${lines}\r\n`, 'latin1');
    if (!this.ended) return;
    this.socket.write('0\r\n\r\n');
  }

  /** The next lines; past the time, or when the source has no more, the request ends with them. */
  private take(): string {
    this.ended = performance.now() >= this.end || this.tally.failed;
    let text = '';
    while (!this.ended && this.unanswered < this.plan.shape.inFlight) {
      const line = this.source.line();
      if (line === '') this.ended = true;
      else this.unanswered += 1;
      text += line;
    }
    return text;
  }

  private head(): string {
    const { url, key } = this.plan;
    return (
      `POST /v1/purchases:batch HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${key}\r\n` +
      'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n'
    );
  }
}

const LF = 10;

/** Reads an answer of lines in HTTP chunks, and tells how each line begins. */
class ChunkedLines {
  over = false;
  private head = '';
  private inBody = false;
  /** Of the chunk's payload, and then of the line break behind it. */
  private left = 0;
  private sizeLine = '';
  private lineStart = '';

  constructor(
    private readonly startLength: number,
    private readonly onLine: (lineStart: string) => void,
  ) {}

  feed(data: Buffer): void {
    let at = 0;
    if (!this.inBody) {
      const before = this.head.length;
      this.head += data.toString('latin1');
      const end = this.head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.head.startsWith('HTTP/1.1 200'))
        throw new Error(`a stream was answered ${this.head.slice(0, 500)}`);
      this.inBody = true;
      at = end + 4 - before;
    }
    while (at < data.length && !this.over) at = this.left > 0 ? this.payload(data, at) : this.size(data, at);
  }

  /** Reads a chunk's size, a line of its own behind the line break of the chunk before. */
  private size(data: Buffer, at: number): number {
    const end = data.indexOf(LF, at);
    if (end < 0) {
      this.sizeLine += data.toString('latin1', at);
      return data.length;
    }
    const text = (this.sizeLine + data.toString('latin1', at, end)).trim();
    this.sizeLine = '';
    if (text === '') return end + 1;
    this.left = parseInt(text, 16);
    this.over = this.left === 0;
    return end + 1;
  }

  private payload(data: Buffer, from: number): number {
    const to = Math.min(data.length, from + this.left);
    this.left -= to - from;
    let at = from;
    while (at < to) {
      const wanted = this.startLength - this.lineStart.length;
      if (wanted > 0) this.lineStart += data.toString('latin1', at, Math.min(to, at + wanted));
      const end = data.indexOf(LF, at);
      if (end < 0 || end >= to) return to;
      this.onLine(this.lineStart.split('\n', 1)[0] as string);
      this.lineStart = '';
      at = end + 1;
    }
    return to;
  }
}
