import type { Bootstrapped } from './bootstrap.js';

/** What a newcomer sees when the engine is up: where it is and three calls that work as printed. */
export function welcome(url: string, { demoKeys, adminKeyFile }: Bootstrapped): string {
  const head = [
    `Laurel is up: ${url}`,
    `  API documentation  ${url}/docs`,
    `  health             ${url}/health/ready`,
  ];
  if (adminKeyFile !== null) head.push(`  your first key     in ${adminKeyFile} (every scope)`);
  if (!demoKeys) return `${head.join('\n')}\n`;
  const keys = Object.entries(demoKeys).map(([scope, key]) => `  ${scope.padEnd(8)} ${key}`);
  return [
    ...head,
    '',
    'Demo keys 示範金鑰, one for each role:',
    ...keys,
    '',
    '1. Post a receipt 上傳消費 (NT$1,050 earns 105 points and more for higher tiers):',
    curl(
      url,
      demoKeys.pos,
      '/v1/purchases?explain=true',
      `{"source":"store-1","receiptNo":"R-'$(date +%s)'","member":{"externalId":"C-1001"},"occurredAt":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","currency":"TWD","lines":[{"lineNo":1,"sku":"A-77","category":"grocery","amountMinor":105000,"taxMinor":5000}]}`,
    ),
    '',
    '2. Redeem 50 points off the next basket 兌換點數:',
    curl(
      url,
      demoKeys.pos,
      '/v1/redemptions',
      `{"member":{"externalId":"C-1001"},"points":50,"mode":"capture","externalId":"till-1/'$(date +%s)'"}`,
    ),
    '',
    '3. Export the deferred revenue 匯出合約負債:',
    `curl -s -H 'Authorization: Bearer ${demoKeys.finance}' '${url}/v1/finance/liability'`,
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}

function curl(url: string, key: string, path: string, body: string): string {
  return `curl -s -X POST '${url}${path}' -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${body}'`;
}
