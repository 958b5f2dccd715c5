import { simulatedWindow, type AskedWindow } from './simulated-window.js';

const ZONE = 'Asia/Taipei';
const TODAY = '2026-03-25';

describe('the window of a simulation', () => {
  const of = (asked: AskedWindow) => simulatedWindow(asked, TODAY, ZONE);

  it('has the last days before today, or days from one until another', () => {
    const startsAt = Date.parse('2026-03-15T00:00:00+08:00');
    const endsAt = Date.parse('2026-03-25T00:00:00+08:00');
    const ten = { ok: true, value: { from: '2026-03-15', until: TODAY, startsAt, endsAt } };
    expect(of({ days: 10 })).toEqual(ten);
    expect(of({ from: '2026-03-15' })).toEqual(ten);
    expect(of({ from: '2026-03-15', until: '2026-03-26' })).toMatchObject({ ok: true });
  });

  it.each<[AskedWindow, string, string]>([
    [{}, '/window', 'WINDOW_UNCLEAR'],
    [{ days: 1, from: '2026-03-01' }, '/window', 'WINDOW_UNCLEAR'],
    [{ days: 1, until: '2026-03-01' }, '/window', 'WINDOW_UNCLEAR'],
    [{ until: '2026-03-01' }, '/window', 'WINDOW_UNCLEAR'],
    [{ from: TODAY, until: '2026-03-27' }, '/window/until', 'WINDOW_IN_FUTURE'],
    [{ from: TODAY }, '/window/from', 'WINDOW_EMPTY'],
    [{ from: '2025-02-17' }, '/window', 'WINDOW_TOO_LONG'],
  ])('%j is refused', (asked, pointer, code) => {
    expect(of(asked)).toMatchObject({ ok: false, refusal: [{ pointer, code }] });
  });

  it('has 400 days at most', () => {
    expect(of({ from: '2025-02-18' })).toMatchObject({ ok: true });
  });
});
