import type { ReceiptDto } from './receipt.dto.js';

/** Records a receipt in one transaction. */
export interface Recorder {
  /**
   * @returns the answer, as JSON; null when there is no such member
   * @throws whatever the database said, with its code, when the receipt was recorded before
   */
  record(receipt: ReceiptDto): Promise<string | null>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly databaseUrl: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** A uuid. */
  readonly programmeId: string;
}
