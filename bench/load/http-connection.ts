import { connect, type Socket } from 'node:net';

/** How much of an answer is looked at as text: its head, and the beginning of its body. */
const LOOKED_AT = 700;
const BUFFER_BYTES = 256 * 1024;

/** One buffer for all connections: what is read is looked at before anything else is read. */
const shared = Buffer.allocUnsafe(BUFFER_BYTES);

/** An answer as far as it is looked at. */
export interface Answer {
  readonly status: number;
  /** The head and the beginning of the body. */
  readonly text: string;
}

/**
 * A connection that sends one request at a time and reads no more of an answer than it has to. It knows what the
 * servers of the bench say, bodies with a length or in chunks, and nothing else of HTTP.
 */
export class HttpConnection {
  /** Set by the user of the connection. */
  onAnswer: (answer: Answer) => void = () => undefined;
  onLost: (reason: string) => void = () => undefined;
  private status = 0;
  private text = '';
  /** Bytes of the answer that are still to come; -1 while its head is not complete, -2 in chunks. */
  private missing = -1;
  private busy = false;
  private isOpen = true;

  private constructor(private readonly socket: Socket) {}

  /** @throws Error when the server does not take it */
  static open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      let connection: HttpConnection | null = null;
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: {
          buffer: shared,
          callback: (length, buffer) => {
            connection?.read(buffer as Buffer, length);
            return true;
          },
        },
      });
      connection = new HttpConnection(socket);
      socket.once('connect', () => resolve(connection));
      socket.on('error', (error) => {
        reject(error);
        connection.lost(error.message);
      });
      socket.on('close', () => {
        connection.isOpen = false;
        connection.lost('closed');
      });
    });
  }

  /** @param request head and body, in ASCII */
  send(request: string): void {
    this.busy = true;
    this.missing = -1;
    this.text = '';
    if (this.isOpen) this.socket.write(request, 'latin1');
    else this.lost('the server had closed it');
  }

  close(): void {
    this.busy = false;
    this.socket.destroy();
  }

  private lost(reason: string): void {
    if (!this.busy) return;
    this.busy = false;
    this.onLost(reason);
  }

  private read(buffer: Buffer, length: number): void {
    if (!this.busy) return;
    if (this.missing === -1) this.head(buffer, length);
    else if (this.missing === -2)
      this.text = (this.text + buffer.toString('latin1', 0, length)).slice(-LOOKED_AT);
    else this.missing -= length;
    if (this.missing === 0 || (this.missing === -2 && this.text.endsWith('0\r\n\r\n'))) this.answered();
  }

  /** Reads status and length as soon as the head is complete. */
  private head(buffer: Buffer, length: number): void {
    const before = this.text.length;
    this.text += buffer.toString('latin1', 0, Math.min(length, LOOKED_AT));
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.text.length >= LOOKED_AT) throw new Error(`a head of more than ${LOOKED_AT} bytes`);
      return;
    }
    this.status = Number(this.text.slice(9, 12));
    const at = indexOfHeader(this.text, 'content-length: ', 'Content-Length: ');
    if (at >= 0 && at < end) {
      const size = parseInt(this.text.slice(at, at + 10), 10);
      this.missing = end + 4 + size - before - length;
      return;
    }
    this.missing = -2;
    if (length > LOOKED_AT) this.text += buffer.toString('latin1', Math.max(LOOKED_AT, length - 8), length);
  }

  private answered(): void {
    this.busy = false;
    this.onAnswer({ status: this.status, text: this.text });
  }
}

/** Where a header's value begins, written in one of two ways; -1 where it is missing. */
function indexOfHeader(text: string, lower: string, upper: string): number {
  const at = text.indexOf(lower);
  if (at >= 0) return at + lower.length;
  const other = text.indexOf(upper);
  return other < 0 ? -1 : other + upper.length;
}
