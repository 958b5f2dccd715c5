import { VerifyService } from '../../src/integrity/index.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { BookAudit } from './book-audit.js';
import { postingDay } from './posting-day.js';
import { Dice, RandomHistory } from './random-history.js';
import { readRows } from './read-rows.js';
import { faults } from './recount.js';
import { openShop, SHOPS, type Shop } from './shops.js';

/** Histories of each shop. BOOK_HISTORIES and BOOK_SEED make more, and others. */
const HISTORIES = Number(process.env['BOOK_HISTORIES'] ?? 1);
const SEED = Number(process.env['BOOK_SEED'] ?? 20_261_201);
const SCENES = 10;
/** Commands of each history in a scene. */
const STEPS = 6;
/** Scenes after which reports are kept, to be asked for again as known then. */
const STOPS = [3, 7];
/** A shop with what happened in it, and what was reported meanwhile. */
interface Told {
  readonly shop: Shop;
  readonly histories: readonly RandomHistory[];
  readonly reports: { readonly at: string; readonly path: string; readonly answer: unknown }[];
}

describe('whatever happened, the books', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-01-02T22:00:00Z'));
  const shops = new Map<string, Told>();

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    for (const [place, terms] of SHOPS.entries()) {
      const shop = await openShop(engine, clock, terms);
      const histories = Array.from(
        { length: HISTORIES },
        (_, index) => new RandomHistory(shop, `H${index}`, new Dice(SEED + 1000 * place + index)),
      );
      for (const history of histories) await history.begin();
      shops.set(terms.currency, { shop, histories, reports: [] });
    }
    await happen([...shops.values()], new Dice(SEED), clock);
  });
  afterAll(() => engine.close());

  it.each(SHOPS.map((terms) => [terms.currency, terms] as const))(
    'are the sum of it, in %s',
    async (currency, terms) => {
      const { shop, histories, reports } = shops.get(currency) as Told;
      // A report brings what fell due into the books.
      await report(shop, '/v1/finance/liability');
      const { movements, lots, issues, brokenAccounts } = await readRows(engine, shop.programmeId);
      expect(brokenAccounts).toEqual([]);
      expect(faults(movements, lots, postingDay(terms, issues))).toEqual([]);
      const audit = new BookAudit(shop, movements, lots);
      await audit.reports();
      await audit.prices(new Map(histories.flatMap(({ receipts }) => [...receipts])));
      await audit.openings(histories);
      for (const { at, path, answer } of reports) {
        const again = await report(shop, `${path}&knownAt=${at}`);
        expect({ path, at, answer: again }).toEqual({ path, at, answer });
      }
      const compared = audit.compared + reports.length;
      if (process.env['BOOK_HISTORIES']) process.stdout.write(`${currency}: ${compared} figures\n`);
      expect(compared).toBeGreaterThan(300);
    },
  );

  it('verify clean', async () => {
    expect((await engine.engine.app.get(VerifyService).run()).differences).toEqual([]);
  });
});

/** Tells the histories of all shops at once on one clock. */
async function happen(shops: readonly Told[], dice: Dice, clock: MovingClock): Promise<void> {
  for (let scene = 0; scene < SCENES; scene += 1) {
    await Promise.all(
      shops
        .flatMap(({ histories }) => histories)
        .map(async (history) => {
          for (let step = 0; step < STEPS; step += 1) await history.step();
        }),
    );
    const at = new Date(clock.now()).toISOString();
    if (STOPS.includes(scene))
      for (const { shop, reports } of shops)
        for (const path of reportsAt(at)) reports.push({ at, path, answer: await report(shop, path) });
    clock.advance({ hours: dice.one([1, 5, 30, 80, 200, 500]) ?? 0 });
  }
}

/** What a report answers, but for when it was known, and what is made of that. */
async function report({ maker }: Shop, path: string): Promise<unknown> {
  const { status, text } = await maker.get(path);
  if (status !== 200) throw new Error(`${path}: ${text}`);
  const left = ['knownAt', 'batchId', 'sha256'];
  return JSON.parse(text, (name: string, value: unknown) => (left.includes(name) ? undefined : value));
}

function reportsAt(at: string): readonly string[] {
  const day = at.slice(0, 10);
  const months = `from=2025-12&to=${day.slice(0, 7)}`;
  const moments = [at, day, '2026-01-20'].map((moment) => `asOf=${moment}`);
  const ofMoments = ['liability', 'tie-out', 'lots'].flatMap((what) =>
    moments.map((moment) => `${what}?${moment}`),
  );
  return [...ofMoments, `roll-forward?${months}`, `journal?${months}`].map((what) => `/v1/finance/${what}`);
}
