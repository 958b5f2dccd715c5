/** One message of PostgreSQL's wire protocol (version 3), as far as it is of interest. */
export interface WireMessage {
  /** The type's letter; empty for a connection's first message, which has none. */
  readonly type: string;
  /** The beginning of its content, at most `HEAD_BYTES`. */
  readonly head: Buffer;
}

/** Enough for the names at the beginning of a Bind message. */
const HEAD_BYTES = 256;
const LENGTH_BYTES = 4;

/** Finds the messages in one direction of a connection, in whatever pieces they arrive, without keeping them. */
export class MessageReader {
  private buffered: Buffer = Buffer.alloc(0);
  /** Bytes of the current message that are still to come and are skipped. */
  private skipping = 0;

  /** @param expectsStartUp whether the first message is a start-up packet, as it is from a client */
  constructor(private expectsStartUp: boolean) {}

  /** @returns what is complete with this chunk, and the heads of messages as soon as they are there */
  feed(chunk: Buffer): WireMessage[] {
    const messages: WireMessage[] = [];
    const skipped = Math.min(this.skipping, chunk.length);
    this.skipping -= skipped;
    const fresh = chunk.subarray(skipped);
    let rest = this.buffered.length === 0 ? fresh : Buffer.concat([this.buffered, fresh]);
    for (;;) {
      const typeBytes = this.expectsStartUp ? 0 : 1;
      const headerBytes = typeBytes + LENGTH_BYTES;
      if (rest.length < headerBytes) break;
      // The length counts itself, but not the type.
      const contentBytes = rest.readUInt32BE(typeBytes) - LENGTH_BYTES;
      const headBytes = Math.min(contentBytes, HEAD_BYTES);
      if (rest.length < headerBytes + headBytes) break;
      const head = rest.subarray(headerBytes, headerBytes + headBytes);
      messages.push({ type: rest.toString('latin1', 0, typeBytes), head });
      this.expectsStartUp = false;
      const end = headerBytes + contentBytes;
      this.skipping = Math.max(0, end - rest.length);
      rest = rest.subarray(Math.min(end, rest.length));
    }
    this.buffered = rest;
    return messages;
  }
}
