import type { LaurelApi } from './laurel-api.js';
import { BalancePoster } from './post-balances.js';
import type { RejectsFile } from './rejects-file.js';
import { DEFAULT_PATIENCE } from './retry.js';

describe('BalancePoster', () => {
  it('names the rows of the file where the server refuses a request', async () => {
    const detail = 'points must be a whole number from 1 on';
    const errors = [
      { pointer: '/lots/1/points', code: 'IS_WHOLE', detail },
      { pointer: '/source', code: 'IS_KEY_TEXT', detail: 'source is too long' },
    ];
    const body = { code: 'VALIDATION_FAILED', detail: `/lots/1/points: ${detail}`, errors };
    const api = { json: () => Promise.resolve({ status: 422, body }) } as unknown as LaurelApi;
    const poster = new BalancePoster(api, 'old', true, null, {} as RejectsFile, DEFAULT_PATIENCE);
    const lot = { externalId: 'L', member: { externalId: 'C' }, origin: 'purchase', points: 1 } as const;
    const placed = [7, 581].map((row) => ({
      row: { row, cells: [] },
      lot: { ...lot, carriedMinor: 0, earnedOn: '2025-06-01' },
    }));
    await expect(poster.post(placed)).rejects.toThrow(
      `the server refused: 422 VALIDATION_FAILED: /lots/1/points: ${detail}\n  row 581: ${detail}`,
    );
  });
});
