import { MAX_STATUS_CHANGES, statusAt, withStatus, type StatusChange } from './status-at.js';

describe('the status by which something is judged', () => {
  const changes: readonly StatusChange[] = [
    ['suspended', 100],
    ['active', 200],
    ['suspended', 300],
  ];

  it.each([
    [99, 'active'],
    [100, 'suspended'],
    [199, 'suspended'],
    [200, 'active'],
    [299, 'active'],
    [300, 'suspended'],
    [999, 'suspended'],
  ])('is the one of when it occurred: at %d %s', (at, status) => {
    expect(statusAt('suspended', changes, at)).toBe(status);
  });

  it('is the one there is, where no change is known', () => {
    expect(statusAt('suspended', [], 5)).toBe('suspended');
    expect(statusAt('active', [], 5)).toBe('active');
  });

  it('is closed for good, whenever it occurred', () => {
    expect(statusAt('closed', [...changes, ['closed', 400]], 50)).toBe('closed');
  });

  it('is known from the last changes on, of which there are not too many', () => {
    expect(withStatus(changes, 'suspended', 'suspended', 400)).toEqual(changes);
    let kept = changes;
    let status: 'active' | 'suspended' = 'suspended';
    for (let at = 400; at < 400 + MAX_STATUS_CHANGES; at += 1) {
      const next: 'active' | 'suspended' = status === 'active' ? 'suspended' : 'active';
      kept = withStatus(kept, status, next, at);
      status = next;
    }
    expect(kept).toHaveLength(MAX_STATUS_CHANGES);
    expect(kept[0]).toEqual(['active', 400]);
    expect(statusAt(status, kept, 399)).toBe('suspended');
    expect(statusAt(status, kept, 401)).toBe('suspended');
  });
});
