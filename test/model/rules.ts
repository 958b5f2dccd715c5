const NONE = {
  ...{ category: null, stepMinor: null, minimumMinor: null, points: 0, limit: Infinity },
  ...{ pendingDays: null, thenDays: 0, cancelAfterDays: null, origin: 'purchase' },
};

interface Rule {
  /** Which lines count; null: all. */
  readonly category: string | null;
  /** One point for each full step; null: `points` once, from `minimumMinor` on. */
  readonly stepMinor: number | null;
  readonly minimumMinor: number | null;
  readonly points: number;
  /** Points a member may ever get. */
  readonly limit: number;
  readonly pendingDays: number | null;
  /** After the goods are delivered; without that, the points lapse after so many days. */
  readonly thenDays: number;
  readonly cancelAfterDays: number | null;
  readonly origin: string;
  /** How long the points live. */
  readonly days: number;
}

/** The rules of the model's programme: how many points a basket earns, when they are usable, when they end. */
export const RULES = {
  base: { ...NONE, stepMinor: 1000, days: 30 } as Rule,
  bonus: {
    ...NONE,
    category: 'a',
    minimumMinor: 30_000,
    points: 40,
    days: 7,
    origin: 'purchase_conditional',
  } as Rule,
  later: { ...NONE, category: 'p', stepMinor: 500, limit: 300, pendingDays: 3, days: 20 } as Rule,
  order: { ...NONE, category: 'o', stepMinor: 500, thenDays: 2, cancelAfterDays: 9, days: 20 } as Rule,
};
