import { readFileSync } from 'node:fs';
import { AUDITED_ACTIONS } from '../src/kernel/audited-actions.js';

const PAGES = ['docs/api.md', 'docs/zh-Hant/api.md'];

it.each(PAGES)('%s lists every action of the audit log, and no other', (page) => {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  const [, list = ''] = /(?:Actions: |動作有：)(.*?)[.。]\s?(?:Of a member|會員)/u.exec(text) ?? [];
  const named = [...list.matchAll(/`([^`]+)`/gu)].map(([, action = '']) => action);
  const whole = named.map((action, index) => {
    if (!action.startsWith('.')) return action;
    const before = named.slice(0, index).findLast((one) => !one.startsWith('.')) ?? '';
    return `${before.split('.')[0]}${action}`;
  });
  expect([...whole].sort()).toEqual([...AUDITED_ACTIONS].sort());
});
