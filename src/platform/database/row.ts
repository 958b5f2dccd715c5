/** A row as the driver returned it. */
export type Row = Readonly<Record<string, unknown>>;
