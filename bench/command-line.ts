import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scene, SceneOptions } from './scene.js';

export const HELP = `Usage: npm run bench -- [options]

  --only NAME[,NAME]  these scenes; default: those that take minutes
  --list              tells what there is and how long it takes
  --rounds N          measurements of each contestant after a warm-up (1 to 100, default 5)
  --seconds N         length of one measurement (1 to 600, default 4)
  --minutes N         length of scenes that watch a process (1 to 1440, default 30)
  --tree PATH         another tree of this repository, its packages installed, for "against"
  --json FILE         writes every sample of every round, and what it was taken on
  --plots DIR         writes the plots as SVG
  --help

Exit code: 0 done, 1 a scene was invalid (an answer or a row was wrong), 2 the command line was not understood.
`;

export class CommandLineError extends Error {}

export interface CommandLine {
  readonly scenes: readonly Scene[];
  readonly options: Omit<SceneOptions, 'log'>;
  readonly json: string | undefined;
  readonly plots: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

/** @throws CommandLineError for anything that is not understood */
export function parseCommandLine(args: readonly string[], known: readonly Scene[]): CommandLine {
  const values = parse(args);
  return {
    scenes: chosen(values.only, known),
    options: {
      rounds: whole('--rounds', values.rounds, 5, 100),
      seconds: whole('--seconds', values.seconds, 4, 600),
      minutes: whole('--minutes', values.minutes, 30, 1440),
      ...(values.tree === undefined ? {} : { tree: resolve(values.tree) }),
    },
    json: values.json,
    plots: values.plots,
    list: values.list === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        minutes: { type: 'string' },
        tree: { type: 'string' },
        json: { type: 'string' },
        plots: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}

function chosen(only: string | undefined, known: readonly Scene[]): readonly Scene[] {
  if (only === undefined) return known.filter(({ byDefault }) => byDefault);
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !known.some((scene) => scene.name === name));
  if (unknown.length > 0) {
    const all = known.map(({ name }) => name).join(', ');
    throw new CommandLineError(`--only takes ${all}; not "${unknown.join(', ')}"`);
  }
  return known.filter(({ name }) => names.includes(name));
}

function whole(name: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= most) return value;
  throw new CommandLineError(`${name} must be a whole number from 1 to ${most}, not "${text}"`);
}
