import { accountEntry } from '../../../../test/builders/account-entry.js';
import { command } from '../../../../test/builders/fake-database.js';
import { numberedId } from '../../../../test/builders/ids.js';
import type { AccountId } from '../../../kernel/ids.js';
import type { Batch, LoadedCommand } from '../batch/batch-state.js';
import type { DecidedBatch } from '../batch/decided-batch.js';
import { attempted, fateOf, type Fate } from './fate.js';

const [own, other, stranger] = [1, 2, 3].map((no) => numberedId('acc', no)) as [
  AccountId,
  AccountId,
  AccountId,
];
const memberId = numberedId('mbr', 1);

/** One command on the account `own`, after an attempt. */
interface Case {
  readonly cached?: true;
  /** The command has no account. */
  readonly unknown?: true;
  readonly counterparty?: true;
  readonly refused?: true;
  readonly deferred?: true;
  readonly lacks?: true;
  readonly tentative?: true;
  /** Accounts that the batch changed, and those of them that were written. */
  readonly changed?: readonly AccountId[];
  readonly written?: readonly AccountId[];
}

function fate(at: Case): Fate {
  const loaded: LoadedCommand = {
    command: command(1, 'a'),
    demands: null,
    accountId: at.unknown ? null : own,
    memberId: at.unknown ? null : memberId,
    counterparty: at.counterparty ? { accountId: other, memberId } : null,
    naturalClaim: null,
    keyClaim: null,
    ...(at.cached && { cached: true }),
  };
  const accounts = new Map(
    [own, other, stranger].map((accountId) => {
      const entry = accountEntry({ accountId, programmeId: numberedId('prg', 1) });
      return [accountId, { ...entry, changed: at.changed?.includes(accountId) === true }];
    }),
  );
  const batch: Batch = { commands: [loaded], accounts, shared: new Map(), configs: new Map() };
  const problem = { code: 'NOT_NOW', status: 409, title: '', zhHant: '', detail: '' };
  const decided: DecidedBatch = {
    outcomes: [
      at.refused
        ? { kind: 'refused', problem }
        : { kind: 'answered', status: 201, body: '{}', replayed: false },
    ],
    newClaims: [],
    tentative: new Set(at.tentative ? [0] : []),
    atomicPairs: [],
    whole: false,
    deferred: new Set(at.deferred || at.lacks ? [0] : []),
    lacking: new Map(at.lacks ? [[0, { accountId: own, wants: 'more' }]] : []),
    clockBehind: { held: 0, refused: 0 },
    counts: [],
  };
  return fateOf(attempted(batch, decided, new Set(at.written)), 0);
}

describe('the fate of a command', () => {
  it.each<[string, Fate, Case]>([
    ['whose account was written', 'answer', { changed: [own], written: [own] }],
    ['that changed nothing', 'answer', {}],
    ['that was refused', 'answer', { refused: true }],
    ['that names no account', 'answer', { unknown: true, refused: true }],
    ['whose account changed meanwhile', 'conflict', { changed: [own] }],
    ['that was refused while its account changed meanwhile', 'conflict', { changed: [own], refused: true }],
    [
      'whose counterparty was lost',
      'conflict',
      { counterparty: true, changed: [own, other], written: [own] },
    ],
    [
      'both of whose accounts were written',
      'answer',
      { counterparty: true, changed: [own, other], written: [own, other] },
    ],
    ['beside an account that was lost', 'answer', { changed: [own, stranger], written: [own] }],
    ['that rests on an account that was lost', 'conflict', { tentative: true, changed: [stranger] }],
    [
      'that rests on an account that was written',
      'answer',
      { tentative: true, changed: [stranger], written: [stranger] },
    ],
    ['that was not decided', 'defer', { deferred: true }],
    ['that was not decided on an account that was lost', 'defer', { deferred: true, changed: [own] }],
    ['that was not decided on a cached account', 'defer', { deferred: true, cached: true }],
    ['that needs more rows', 'load-more', { lacks: true }],
    ['that needs more rows of an account that was lost', 'load-more', { lacks: true, changed: [own] }],
    ['on a cached account that was written', 'answer', { cached: true, changed: [own], written: [own] }],
    ['on a cached account that was lost', 'reload', { cached: true, changed: [own] }],
    ['on a cached account that it did not change', 'reload', { cached: true }],
    ['that was refused on a cached account', 'reload', { cached: true, refused: true }],
    [
      'that was refused on a cached account that another command wrote',
      'reload',
      { cached: true, refused: true, changed: [own], written: [own] },
    ],
  ])('%s is to %s', (_, expected, at) => {
    expect(fate(at)).toBe(expected);
  });
});
