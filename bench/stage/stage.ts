/** A prepared database: a programme with its configuration, a key, and members. */
export interface Stage {
  /** The owner's connection. */
  readonly databaseUrl: string;
  /** `prg_…` */
  readonly programmeId: string;
  /** An API key with all scopes. */
  readonly key: string;
  /** The postmaster; its children are the backends. */
  readonly postgresPid: number;
  /** Their external ids are `m-0` to `m-(n - 1)`. */
  readonly members: number;
}
