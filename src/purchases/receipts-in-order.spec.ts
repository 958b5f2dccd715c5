import { definition } from '../composition.js';

describe('commands that keep their order', () => {
  it('are those that record a receipt, and no others', () => {
    const inOrder = [...definition.handlers.values()].filter((handler) => handler.inOrder);
    expect(inOrder.map(({ type }) => type).sort()).toEqual([
      'purchase.claim',
      'purchase.exchange',
      'purchase.post',
    ]);
  });
});
