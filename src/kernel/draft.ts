/**
 * A copy that is still being made: the function that makes it may change it; for all others it is read only.
 *
 * States that are made anew with each event are copied field by field (`{ a: state.a, b: state.b }`) and changed as
 * drafts, not spread (`{ ...state, b }`). V8 gives each spread of an object that came out of a spread another hidden
 * class, so that after a few rounds no access to the state is cached any more: a receipt had 125 such misses, and they
 * were a quarter of its time in node (docs/performance.md, "Shapes").
 */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
