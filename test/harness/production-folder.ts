import { existsSync } from 'node:fs';
import { copyFile, cp, link, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['package.json', 'package-lock.json', '.npmrc'];
const FOLDERS = ['dist', 'scripts'];

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/**
 * Makes in `folder` what `npm ci --omit=dev` and a copy of dist make, without a registry: the installed packages that
 * are not for development, as hard links. dist must have been compiled.
 */
export async function putTogether(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of FILES) await copyFile(join(ROOT, name), join(folder, name));
  for (const name of FOLDERS) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  // Those for other systems are not installed.
  const running = Object.entries(lock.packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(ROOT, path)),
  );
  await Promise.all(running.map(([path]) => linked(join(ROOT, path), join(folder, path))));
  const text = JSON.stringify({ ...lock, packages: Object.fromEntries(running) });
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), text);
}

/** A package without those that it brought along, which are packages of their own. */
async function linked(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linked(source, target);
    // Of the embedded server; its libraries are links, too.
    else if (entry.isSymbolicLink()) await cp(source, target, { verbatimSymlinks: true });
    else await linkOrCopy(source, target);
  }
}

async function linkOrCopy(source: string, target: string): Promise<void> {
  await link(source, target).catch(async () => {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
  });
}
