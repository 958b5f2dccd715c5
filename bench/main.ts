import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFacts, machineText } from './report/machine.js';
import { meets, sceneText } from './report/table.js';
import { InvalidRun, type Scene, type SceneResult } from './scene.js';
import { CommandLineError, HELP, parseCommandLine, type CommandLine } from './command-line.js';
import { SCENES } from './scenes/all.js';

const INVALID = 1;
const BAD_COMMAND_LINE = 2;
const INTERRUPTED = 130;

/** `npm run bench`. @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  let commandLine: CommandLine;
  try {
    commandLine = parseCommandLine(args, SCENES);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    process.stderr.write(`${error.message}\n\n${HELP}`);
    return BAD_COMMAND_LINE;
  }
  if (commandLine.help || commandLine.list) {
    process.stdout.write(commandLine.help ? HELP : listText(SCENES));
    return 0;
  }
  return runScenes(commandLine);
}

async function runScenes({ scenes, options, json, plots }: CommandLine): Promise<number> {
  const machine = await machineFacts();
  process.stdout.write(
    `${machineText(machine)}\n${options.rounds} rounds of ${options.seconds} s each in turn after a warm-up, medians; CPU in microseconds for each thing done\n`,
  );
  const results: Record<string, SceneResult | { readonly invalid: string }> = {};
  let failed = false;
  for (const scene of scenes) {
    const started = performance.now();
    const log = (text: string): void => {
      const at = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
      process.stderr.write(`${at} s  ${scene.name}: ${text}\n`);
    };
    try {
      const result = await scene.run({ ...options, log });
      results[scene.name] = result;
      process.stdout.write(sceneText(scene.name, scene.purpose, result));
      if (plots !== undefined) await writePlots(plots, result);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      results[scene.name] = { invalid: reason };
      failed = true;
      process.stdout.write(`\n${scene.name}: INVALID, it scores nothing: ${reason}\n`);
      if (!(error instanceof InvalidRun))
        process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    }
    if (json !== undefined) await writeFile(json, jsonText({ machine, options, scenes: results }));
  }
  return failed ? INVALID : 0;
}

/** What a program reads: everything, with the verdict beside each finding, and without the plots. */
function jsonText({
  scenes,
  ...rest
}: {
  readonly machine: unknown;
  readonly options: unknown;
  readonly scenes: Readonly<Record<string, SceneResult | { readonly invalid: string }>>;
}): string {
  const told = Object.entries(scenes).map(([name, result]) => {
    if ('invalid' in result) return [name, result];
    const { plots: _, findings, ...other } = result;
    return [name, { findings: findings.map((finding) => ({ ...finding, meets: meets(finding) })), ...other }];
  });
  return `${JSON.stringify({ ...rest, scenes: Object.fromEntries(told) as unknown }, null, 2)}\n`;
}

async function writePlots(folder: string, { plots }: SceneResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, svg } of plots) await writeFile(join(folder, `${name}.svg`), svg);
}

function listText(scenes: readonly Scene[]): string {
  const lines = scenes.map(
    ({ name, purpose, usual, byDefault }) =>
      `${name.padEnd(12)} ${byDefault ? '' : '(by name only) '}${purpose}; takes ${usual}`,
  );
  return `${lines.join('\n')}\n`;
}

// Ended by a signal it takes its servers away as well: they listen for the exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED));
process.exitCode = await main(process.argv.slice(2));
