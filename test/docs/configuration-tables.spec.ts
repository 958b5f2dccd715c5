import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${path}`, import.meta.url)), 'utf8');

/** Which request body each section of the page explains. */
const SECTIONS = [
  ["## 2. The programme's policy", 'ProgrammePolicyDto'],
  ['## 3. What points are in the books', 'AccountingPolicyDto'],
  ['## 4. The ladder', 'TierSetDto'],
  ['## 5. What a receipt earns', 'EarningRuleDto'],
  ['## 6. What points buy', 'RewardDto'],
  ['## 7. What staff may do by hand', 'AdjustmentReasonDto'],
  ['## 8. What members can be reported to have done', 'ActivityTypeDto'],
] as const;

describe('the tables of your-own-shop.md', () => {
  const page = read('your-own-shop.md');
  const { schemas } = JSON.parse(read('openapi.json')).components as {
    schemas: Record<string, { properties: object }>;
  };

  it.each(SECTIONS)('%s explains every field of %s', (heading, schema) => {
    const section = page.slice(page.indexOf(heading)).split('\n## ')[0] ?? '';
    const fields = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names]) =>
      [...(names as string).matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(fields.sort()).toEqual(Object.keys(schemas[schema]?.properties ?? {}).sort());
  });

  it('campaigns.md explains every field of CampaignDto', () => {
    const rows = [...read('campaigns.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
    expect(rows.sort()).toEqual(Object.keys(schemas['CampaignDto']?.properties ?? {}).sort());
  });

  it('budgets.md explains every field of BudgetDto', () => {
    const rows = [...read('budgets.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
    expect(rows.sort()).toEqual(Object.keys(schemas['BudgetDto']?.properties ?? {}).sort());
  });
});
