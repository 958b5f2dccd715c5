import { register } from 'node:module';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
register('../test/harness/typescript-loader.mjs', import.meta.url);
await import('../test/torture/main.ts');
