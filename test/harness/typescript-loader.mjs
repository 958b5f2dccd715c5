import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { swcOptions } from './swc-options.js';

/**
 * A Node.js module hook that loads the project's TypeScript. Jest transforms what tests import, but its
 * global set-up runs outside of that, and it needs the server and the migrations.
 */
export async function resolve(specifier, context, next) {
  const ours = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
  if (ours) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    const found = await access(url).then(
      () => true,
      () => false,
    );
    if (found) return { url: url.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...swcOptions, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
