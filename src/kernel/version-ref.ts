/** A published version of some configuration. */
export interface VersionRef {
  readonly id: string;
  readonly version: number;
}
