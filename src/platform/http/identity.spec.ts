import { identityForm, isPhoneRegion } from './identity.js';

function formOf(type: string, value: string, region: string | null = 'TW') {
  const read = identityForm({ type, value }, region);
  return read.ok ? [read.identity.type, read.identity.value] : [read.fault.part, read.fault.code];
}

describe('an identity', () => {
  it('is one whatever the case of its type', () => {
    expect(['card', 'CARD', 'Card'].map((type) => formOf(type, '4711'))).toEqual(
      Array(3).fill(['card', '4711']),
    );
  });

  it('keeps the case of its value, but for e-mail', () => {
    expect(formOf('card', 'aB-1')).toEqual(['card', 'aB-1']);
    expect(formOf('Email', 'Anna.Lin@Example.COM')).toEqual(['email', 'anna.lin@example.com']);
  });

  it.each(['anna', 'anna@', '@example.com', 'a@b@c', 'anna lin@example.com'])(
    'of e-mail is not %s',
    (value) => {
      expect(formOf('email', value)).toEqual(['value', 'NOT_AN_EMAIL']);
    },
  );

  it.each([
    '+886912345678',
    '+886 912 345 678',
    '+886 (0)912-345-678',
    '0912345678',
    '0912 345 678',
    '0912-345-678',
    '０９１２３４５６７８',
  ])('of telephone is one number: %s', (value) => {
    expect(formOf('phone', value)).toEqual(['phone', '+886912345678']);
  });

  it('of telephone may be of another country', () => {
    expect(formOf('phone', '+1 202 555 0123')).toEqual(['phone', '+12025550123']);
    expect(formOf('phone', '(02) 2345-6789')).toEqual(['phone', '+886223456789']);
  });

  it.each(['hello', '12', 'call 0912345678', '0912345678 ext 5', '+886912345678;ext=1', '+999123456'])(
    'of telephone is not %s',
    (value) => {
      expect(formOf('phone', value)).toEqual(['value', 'NOT_A_PHONE']);
    },
  );

  it('of telephone needs its country code where the programme names no region', () => {
    expect(formOf('phone', '+886 912 345 678', null)).toEqual(['phone', '+886912345678']);
    const read = identityForm({ type: 'phone', value: '0912345678' }, null);
    expect(read).toMatchObject({ ok: false, fault: { detail: expect.stringContaining('phoneRegion') } });
  });

  it.each(['externalId', 'EXTERNALID', 'externalid'])('is not of the type %s', (type) => {
    expect(formOf(type, 'C-1')).toEqual(['type', 'RESERVED']);
  });
});

it('regions are those whose numbers can be read', () => {
  expect(['TW', 'JP', 'DE', 'XX', 'tw', ''].map(isPhoneRegion)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
