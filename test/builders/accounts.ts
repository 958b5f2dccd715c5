import type { HouseholdId } from '../../src/kernel/ids.js';
import type { Command } from '../../src/platform/pipeline/index.js';
import { accountOf } from '../../src/households/household-ids.js';
import { lotLiability } from '../../src/ledger/domain/lot.js';
import type { Person, Shop } from './shop.js';

type Options = NonNullable<Parameters<Shop['command']>[3]>;

const named = ({ memberId }: Person) => ({ kind: 'member', id: memberId }) as const;

/** Commands on two accounts, as the API makes them. */
export function sends(
  shop: Shop,
  from: Person,
  to: Person,
  points: number,
  { externalId = null, ...options }: Options & { readonly externalId?: string | null } = {},
): Command {
  const natural = externalId === null ? null : ({ scope: 'transfer', key: externalId } as const);
  const body = { points, note: null, externalId };
  return shop.command('transfer.send', named(from), body, { counterparty: named(to), natural, ...options });
}

export function opensHousehold(shop: Shop, head: Person, options: Options = {}): Command {
  const counterparty = { kind: 'new', id: shop.ids.next('acc') } as const;
  return shop.command('household.create', named(head), { name: 'The Lins' }, { counterparty, ...options });
}

export function joins(
  shop: Shop,
  member: Person,
  household: string,
  role: 'adult' | 'earner' = 'adult',
  options: Options = {},
): Command {
  const householdId = household as HouseholdId;
  const counterparty = { kind: 'account', id: accountOf(householdId) } as const;
  return shop.command('household.join', named(member), { householdId, role }, { counterparty, ...options });
}

export function leaves(
  shop: Shop,
  member: Person,
  householdId: string,
  split: unknown = 'own',
  options: Options = {},
): Command {
  const counterparty = { kind: 'home', id: member.memberId } as const;
  return shop.command('household.leave', named(member), { householdId, split }, { counterparty, ...options });
}

export function changesRole(shop: Shop, member: Person, householdId: string, role: string): Command {
  return shop.command('household.changeRole', named(member), { householdId, role }, {});
}

export function merges(shop: Shop, survivor: Person, duplicate: Person, options: Options = {}): Command {
  return shop.command(
    'member.merge',
    named(survivor),
    { measuresAt: 0 },
    { counterparty: named(duplicate), ...options },
  );
}

export function closes(shop: Shop, { memberId }: Person): Command {
  return shop.command('member.close', { kind: 'member', id: memberId }, { memberId, measuresAt: 0 }, {});
}

/** What is owed on the accounts of these people, sub-ledger units. */
export function liabilityOf(shop: Shop, ...people: readonly Person[]): bigint {
  return people
    .flatMap((member) => [...shop.ledger(member).lots.values()])
    .reduce((sum, lot) => sum + lotLiability(lot), 0n);
}
