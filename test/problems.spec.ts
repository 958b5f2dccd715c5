import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { undoProblems } from '../src/undo/problems.js';
import { activityProblems } from '../src/activities/problems.js';
import { adjustmentProblems } from '../src/adjustments/problems.js';
import { budgetProblems } from '../src/budgets/problems.js';
import { campaignProblems } from '../src/campaigns/problems.js';
import { changeRequestProblems } from '../src/change-requests/problems.js';
import { earningProblems } from '../src/earning/problems.js';
import { eventProblems } from '../src/events/problems.js';
import { financeProblems } from '../src/finance/problems.js';
import type { ProblemDefinition } from '../src/kernel/problem.js';
import { householdProblems } from '../src/households/problems.js';
import { integrityProblems } from '../src/integrity/problems.js';
import { keyProblems } from '../src/keys/api-keys.controller.js';
import { ledgerProblems } from '../src/ledger/problems.js';
import { memberProblems } from '../src/members/problems.js';
import { httpProblems } from '../src/platform/http/problems.js';
import { jobProblems } from '../src/platform/jobs/problems.js';
import { openingProblems } from '../src/openings/problems.js';
import { pipelineProblems } from '../src/platform/pipeline/index.js';
import { configProblems } from '../src/platform/versioned-config/problems.js';
import { programmeProblems } from '../src/programmes/problems.js';
import { purchaseProblems } from '../src/purchases/problems.js';
import { registrationProblems } from '../src/registrations/problems.js';
import { redemptionProblems } from '../src/redemptions/problems.js';
import { simulationProblems } from '../src/simulations/problems.js';
import { tierProblems } from '../src/tiers/problems.js';
import { transferProblems } from '../src/transfers/problems.js';

const CATALOGUES = {
  activity: activityProblems,
  undo: undoProblems,
  adjustments: adjustmentProblems,
  campaigns: campaignProblems,
  changeRequests: changeRequestProblems,
  config: configProblems,
  budgets: budgetProblems,
  earning: earningProblems,
  events: eventProblems,
  finance: financeProblems,
  http: httpProblems,
  households: householdProblems,
  jobs: jobProblems,
  integrity: integrityProblems,
  keys: keyProblems,
  ledger: ledgerProblems,
  members: memberProblems,
  openings: openingProblems,
  pipeline: pipelineProblems,
  programmes: programmeProblems,
  purchases: purchaseProblems,
  redemptions: redemptionProblems,
  simulations: simulationProblems,
  registrations: registrationProblems,
  tiers: tierProblems,
  transfers: transferProblems,
};

const ALL = Object.entries(CATALOGUES).flatMap(([catalogue, { definitions }]) =>
  Object.entries(definitions as Record<string, ProblemDefinition>).map(([code, definition]) => ({
    catalogue,
    code,
    ...definition,
  })),
);

describe('the problems a caller can meet', () => {
  it.each(ALL)('$code of $catalogue is $status', ({ code, status, title, zhHant }) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    expect(Number.isInteger(status) && status >= 400 && status <= 503).toBe(true);
    expect(title).toMatch(/^[A-Z][\x20-\x7e]*[a-zA-Z]$/);
    expect(zhHant).toMatch(/\p{Script=Han}/u);
    expect(zhHant.trim()).toBe(zhHant);
  });

  it('belong to one catalogue each', () => {
    const owners = ALL.map(({ code }) => code).sort();
    expect(owners).toEqual([...new Set(owners)]);
  });

  it('are all here: no module declares a catalogue that this table leaves out', () => {
    const source = join(import.meta.dirname, '..', 'src');
    const declared = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
      .flatMap((file) => [
        ...readFileSync(join(source, file), 'utf8').matchAll(/export const (\w+) = defineProblems\(/g),
      ])
      .map(([, name]) => name);
    expect(declared.sort()).toEqual(
      Object.keys(CATALOGUES)
        .map((name) => `${name.replace(/s$/, '')}Problems`)
        .sort(),
    );
  });

  it.each([
    ['docs/api.md', 'title'],
    ['docs/zh-Hant/api.md', 'zhHant'],
  ] as const)('stand in %s, each once, with their status and title, in order', (page, title) => {
    const markdown = readFileSync(join(import.meta.dirname, '..', page), 'utf8');
    const rows = [...markdown.matchAll(/^\| *(\d{3}) *\| *`(\w+)` *\| *(.*?) *\| *(.*?) *\|$/gm)];
    const listed = rows.map(([, status, code, text]) => `${status} ${code} ${text}`);
    expect(listed).toEqual(ALL.map((one) => `${one.status} ${one.code} ${one[title]}`).sort());
    expect(rows.filter(([, , , , note]) => note === '').map(([, , code]) => code)).toEqual([]);
  });

  it('carry their status and title, and the sentence they were made with', () => {
    expect(
      ledgerProblems.problem('INSUFFICIENT_POINTS', '250 are required.', { meta: { missing: 200 } }),
    ).toEqual({
      code: 'INSUFFICIENT_POINTS',
      status: 422,
      title: 'Not enough points',
      zhHant: '點數不足',
      detail: '250 are required.',
      meta: { missing: 200 },
    });
  });
});
