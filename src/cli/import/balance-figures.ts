/** How many lots, what points, what money. */
export interface Figures {
  readonly lots: number;
  readonly points: number;
  readonly carriedMinor: number;
}
