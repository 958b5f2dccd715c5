import type { Command } from './command.js';
import type { Reply } from './send.js';

/** What one sending of a command came to. */
export type Result =
  | { readonly kind: 'answered'; readonly replayed: boolean; readonly body: string }
  | { readonly kind: 'refused'; readonly code: string }
  /** Unknown whether it took effect. */
  | { readonly kind: 'unknown'; readonly why: string; readonly isFault: boolean };

/** Reads a reply: the result of the command, or of each line of a stream. */
export function readReply(command: Command, reply: Reply): (readonly [Command, Result])[] {
  if (command.lines.length === 0) return [[command, single(reply)]];
  if (reply.status !== 200) return command.lines.map((line) => [line, single(reply)]);
  const rows = reply.text.split('\n');
  // What stands behind the last line break was cut off, if it is anything.
  const complete = rows.slice(0, -1);
  const missing = unknown(reply.error ?? 'the line has no answer', reply.error === null);
  return command.lines.map((line, index) => {
    const row = complete[index];
    return [line, row === undefined ? missing : lineResult(row)];
  });
}

function single(reply: Reply): Result {
  const { status, headers, text, error } = reply;
  if (status === null || error !== null) {
    return unknown(error ?? 'no answer', error === 'no answer in time');
  }
  if (status < 300)
    return { kind: 'answered', replayed: headers['idempotency-replayed'] === 'true', body: text };
  return problem(status, text);
}

function lineResult(row: string): Result {
  const {
    status,
    replayed,
    problem: refusal,
  } = JSON.parse(row) as {
    status: number;
    replayed?: boolean;
    problem?: object;
  };
  if (status >= 300) return problem(status, JSON.stringify(refusal));
  // The answer's own text: a replay is the first answer to the byte.
  return { kind: 'answered', replayed: replayed === true, body: row.slice(row.indexOf('"body":') + 7, -1) };
}

function problem(status: number, text: string): Result {
  const code = codeOf(text);
  if (status === 503) return unknown(`503 ${code}`, false);
  if (status >= 500) return unknown(`${status} ${text}`, true);
  return { kind: 'refused', code };
}

function codeOf(text: string): string {
  try {
    return (JSON.parse(text) as { code: string }).code;
  } catch {
    return text.slice(0, 200);
  }
}

/** @param isFault whether an engine should never answer like this */
function unknown(why: string, isFault: boolean): Result {
  return { kind: 'unknown', why, isFault };
}
