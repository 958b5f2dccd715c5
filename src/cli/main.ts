import { anchor } from './anchor.js';
import { backup } from './backup/backup.js';
import { restore } from './backup/restore.js';
import { checkTexts } from './check-texts/check-texts.js';
import { importBalances } from './import/import-balances.js';
import { importPurchases } from './import/import-purchases.js';
import { importReturns } from './import/import-returns.js';
import { key } from './key.js';
import { printOpenApi } from './openapi.js';
import { applyProgramme } from './programme/apply.js';
import { exportProgramme } from './programme/export.js';
import { planProgramme } from './programme/plan.js';
import { verify } from './verify.js';

const HELP = `Usage: npm run laurel -- COMMAND

  import purchases FILE --mapping mapping.json   bring in the receipts of a CSV file (--help for more)
  import returns FILE --mapping mapping.json     take back what came back, from a CSV file of an old system
  import balances FILE --mapping mapping.json    bring in the open points of an old system (--help for more)
  export [FILE]                                  write a programme's configuration, as YAML or JSON
  plan FILE                                      say what such a file would change (--help for more)
  apply FILE                                     save and publish what it changes
  verify                                         re-derive every balance, lot and hash from the movements
  anchor                                         make the signed digests of the days that are over
  backup FILE                                    write the whole installation into a file, beside a working engine
  restore FILE                                   put a backup into an empty database, and verify it
  check-texts                                    find identities and numbers of before keys had rules
  key create                                     make an API key: the way back when none is left
  openapi [FILE]                                 print the API's document, or write it to a file
  help                                           this text
`;

/** Dispatches a command line. @returns the exit code. */
async function main([command, ...rest]: string[]): Promise<number> {
  const io = { stdout: process.stdout, stderr: process.stderr };
  switch (command) {
    case 'import':
      if (rest[0] === 'purchases') return importPurchases(rest.slice(1), process.env, io);
      if (rest[0] === 'returns') return importReturns(rest.slice(1), process.env, io);
      if (rest[0] === 'balances') return importBalances(rest.slice(1), process.env, io);
      break;
    case 'export':
      return exportProgramme(rest, process.env, io);
    case 'plan':
      return planProgramme(rest, process.env, io);
    case 'apply':
      return applyProgramme(rest, process.env, io);
    case 'verify':
      return verify(rest, process.env, io);
    case 'anchor':
      return anchor(rest, process.env, io);
    case 'backup':
      return backup(rest, process.env, io);
    case 'restore':
      return restore(rest, process.env, io);
    case 'check-texts':
      return checkTexts(rest, process.env, io);
    case 'key':
      return key(rest, process.env, io);
    case 'openapi':
      return printOpenApi(rest, io);
    case 'help':
    case '--help':
    case undefined:
      process.stdout.write(HELP);
      return 0;
  }
  process.stderr.write(`There is no command "${[command, ...rest].join(' ')}".\n\n${HELP}`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
