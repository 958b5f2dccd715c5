import { createHash } from 'node:crypto';
import { lotId } from '../../../test/builders/ledger.js';
import { numberedId } from '../../../test/builders/ids.js';
import { GENESIS_HASH, movementHash, type Movement } from './movement.js';

const movement: Omit<Movement, 'hash'> = {
  accountId: numberedId('acc', 1),
  sequence: 1,
  lotId: lotId(1),
  memberId: numberedId('mbr', 1),
  from: 'issued',
  to: 'available',
  points: 100,
  liability: 9_000_000n,
  eventCode: 'E01',
  causeType: 'purchase',
  causeId: numberedId('pur', 1),
  occurredAt: Date.parse('2026-03-10T11:00:00Z'),
  recordedAt: Date.parse('2026-03-10T11:00:01.500Z'),
  setsExpiryAt: null,
  effectiveAt: null,
  terms: null,
  hashVersion: 1,
  postingDate: '2026-03-10',
};

describe('a link of the hash chain', () => {
  it('is SHA-256 of the documented text, so that an auditor can recompute it from an export', () => {
    const text = [
      '0'.repeat(64),
      'acc_00000000000000000000000001|1|lot_00000000000000000000000001|mbr_00000000000000000000000001',
      'issued|available|100|9000000|E01|purchase|pur_00000000000000000000000001',
      '2026-03-10T11:00:00.000Z|2026-03-10T11:00:01.500Z|2026-03-10',
    ].join('|');
    expect(movementHash(GENESIS_HASH, movement)).toBe(
      createHash('sha256').update(text, 'utf8').digest('hex'),
    );
  });

  it('leaves out the lot and the code of what has none, and ends with the expiry that it sets', () => {
    const debt = {
      ...movement,
      lotId: null,
      from: 'none',
      to: 'debt',
      liability: 0n,
      eventCode: null,
    } as const;
    const text = [
      '0'.repeat(64),
      'acc_00000000000000000000000001|1||mbr_00000000000000000000000001',
      'none|debt|100|0||purchase|pur_00000000000000000000000001',
      '2026-03-10T11:00:00.000Z|2026-03-10T11:00:01.500Z|2026-03-10',
    ].join('|');
    const sha256 = (of: string) => createHash('sha256').update(of, 'utf8').digest('hex');
    expect(movementHash(GENESIS_HASH, debt)).toBe(sha256(text));
    const setsExpiryAt = Date.parse('2027-01-01T00:00:00Z');
    expect(movementHash(GENESIS_HASH, { ...debt, setsExpiryAt })).toBe(
      sha256(`${text}|2027-01-01T00:00:00.000Z`),
    );
    const effectiveAt = Date.parse('2026-01-31T00:00:00Z');
    expect(movementHash(GENESIS_HASH, { ...debt, effectiveAt })).toBe(
      sha256(`${text}|effective 2026-01-31T00:00:00.000Z`),
    );
  });

  it('covers the terms of the lot from version 2 on, and says which version it is', () => {
    const link = (change: Partial<Movement>) => movementHash(GENESIS_HASH, { ...movement, ...change });
    const terms = 'a'.repeat(64);
    const later = link({ hashVersion: 2 });
    expect(later).not.toBe(movementHash(GENESIS_HASH, movement));
    expect(link({ hashVersion: 2, terms })).not.toBe(later);
    expect(link({ hashVersion: 1, terms })).toBe(movementHash(GENESIS_HASH, movement));
  });

  it.each<Partial<Movement>>([
    { accountId: numberedId('acc', 2) },
    { sequence: 2 },
    { lotId: lotId(2) },
    { memberId: numberedId('mbr', 2) },
    { from: 'held' },
    { to: 'held' },
    { points: 101 },
    { liability: 9_000_001n },
    { eventCode: 'E02' },
    { eventCode: null },
    { causeType: 'redemption' },
    { causeId: numberedId('pur', 2) },
    { occurredAt: movement.occurredAt + 1 },
    { recordedAt: movement.recordedAt + 1 },
    { setsExpiryAt: null, postingDate: '2026-03-11' },
    { effectiveAt: Date.parse('2026-03-01T00:00:00Z') },
  ])('changes with %p', (change) => {
    expect(movementHash(GENESIS_HASH, { ...movement, ...change })).not.toBe(
      movementHash(GENESIS_HASH, movement),
    );
  });

  it('changes with the link before it', () => {
    expect(movementHash('1'.repeat(64), movement)).not.toBe(movementHash(GENESIS_HASH, movement));
  });
});
