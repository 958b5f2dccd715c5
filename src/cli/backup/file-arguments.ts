import { parseArgs } from 'node:util';

/** What `backup` and `restore` are given. */
export interface FileArguments {
  readonly path: string;
  /** Whether key files belong to the backup. */
  readonly withKeys: boolean;
}

/** The arguments, or the exit code after the help was shown: 0 if it was asked for, 1 if there is not one file. */
export function fileArguments(
  args: string[],
  help: string,
  stdout: NodeJS.WritableStream,
): FileArguments | 0 | 1 {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean' }, 'without-keys': { type: 'boolean' } },
  });
  const [path] = positionals;
  if (!values.help && path !== undefined && positionals.length === 1)
    return { path, withKeys: values['without-keys'] !== true };
  stdout.write(help);
  return values.help ? 0 : 1;
}
