import { lot } from '../../../test/builders/ledger.js';
import { whyNotExtendable } from './extension.js';

describe('giving a lot a later end', () => {
  const ending = lot(1, { expiresAt: 1000 });

  it('needs an end later than its own, and than now', () => {
    expect(whyNotExtendable(ending, 1001, 500)).toBeNull();
    expect(whyNotExtendable(ending, 1000, 500)).toBe('notLater');
    expect(whyNotExtendable({ ...ending, available: 0, held: 100 }, 1500, 1500)).toBe('notLater');
    expect(whyNotExtendable({ ...ending, available: 0, held: 100 }, 1501, 1500)).toBeNull();
  });

  it('is for points that wait or are held, too, not for lots without any left', () => {
    expect(whyNotExtendable({ ...ending, available: 0, pending: 100 }, 1001, 500)).toBeNull();
    expect(whyNotExtendable({ ...ending, available: 0, redeemed: 100 }, 1001, 500)).toBe('closed');
    expect(whyNotExtendable({ ...ending, available: 0, undelivered: 100 }, 1001, 500)).toBe('closed');
  });

  it('is not for lots without an end of their own', () => {
    expect(whyNotExtendable({ ...ending, expiresAt: null }, 1001, 500)).toBe('noEnd');
    expect(whyNotExtendable({ ...ending, slides: true }, 1001, 500)).toBe('noEnd');
  });
});
