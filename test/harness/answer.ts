/** An answer as a till sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed where it is JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies without declared types
  readonly body: any;
  readonly text: string;
}
