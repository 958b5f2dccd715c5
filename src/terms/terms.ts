import type { Wording } from '../kernel/wording.js';

/** A sentence of the terms, and the published version that it comes from. */
export interface TermSentence {
  readonly text: Wording;
  readonly source: { readonly kind: string; readonly id: string; readonly version: number } | null;
}

export interface TermSection {
  readonly key: string;
  readonly heading: Wording;
  readonly sentences: readonly TermSentence[];
}

/** What a reader may find hard, of one published version. */
export interface TermWarning {
  readonly code: 'HARD_TO_EXPLAIN';
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly detail: Wording;
}

/** The terms of a programme in plain words, as its published configuration has them at an instant. */
export interface Terms {
  readonly title: Wording;
  readonly sections: readonly TermSection[];
  readonly warnings: readonly TermWarning[];
}

export type TermSource = NonNullable<TermSentence['source']>;

/** Sentences that come from one published version. */
export function from(source: TermSource | null, ...texts: readonly Wording[]): readonly TermSentence[] {
  return texts.map((text) => ({ text, source }));
}
