import type { Points } from '../kernel/points.js';
import { formatInstant } from '../kernel/time.js';
import {
  comingExpiries,
  EXPIRING_SHOWN,
  type ExpiringPoints,
  type LedgerState,
} from './domain/ledger-state.js';

/** An account's balance as the API shows it. */
export interface BalanceView {
  readonly available: Points;
  readonly pending: Points;
  readonly held: Points;
  readonly debt: Points;
  /** Available, pending and held together. */
  readonly total: Points;
  readonly lifetimeEarned: Points;
  readonly lifetimeRedeemed: Points;
  /** The next expiries of available points; each instant is exclusive. */
  readonly expiring: readonly { readonly points: Points; readonly expiresAt: string }[];
}

export type BalanceFigures = Pick<
  LedgerState,
  'available' | 'pending' | 'held' | 'debt' | 'lifetimeEarned' | 'lifetimeRedeemed'
> & {
  /** Fixed and sliding together, earliest first. */
  readonly expiring: readonly ExpiringPoints[];
};

/** The balance of an account in the pipeline. */
export function balanceOf(state: LedgerState): BalanceView {
  const { available, pending, held, debt, lifetimeEarned, lifetimeRedeemed } = state;
  const expiring = comingExpiries(state);
  return balanceView({ available, pending, held, debt, lifetimeEarned, lifetimeRedeemed, expiring });
}

export function balanceView(figures: BalanceFigures): BalanceView {
  return {
    available: figures.available,
    pending: figures.pending,
    held: figures.held,
    debt: figures.debt,
    total: figures.available + figures.pending + figures.held,
    lifetimeEarned: figures.lifetimeEarned,
    lifetimeRedeemed: figures.lifetimeRedeemed,
    expiring: figures.expiring.slice(0, EXPIRING_SHOWN).map(({ points, expiresAt }) => ({
      points,
      expiresAt: formatInstant(expiresAt),
    })),
  };
}
