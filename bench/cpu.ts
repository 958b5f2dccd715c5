import { readFile, readdir } from 'node:fs/promises';

/** Clock ticks a second, which Linux fixes at 100 for user space. */
const TICKS = 100;

/** CPU seconds that processes have used so far, from the operating system's accounting; 0 where there is no /proc. */
export async function cpuSeconds(
  match: (stat: { pid: number; parent: number; name: string }) => boolean,
): Promise<number> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  let ticks = 0;
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (text === null) continue;
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (!match({ pid: Number(pid), parent: Number(fields[1]), name })) continue;
    // utime, stime: fields 14 and 15 of proc(5), counted after the name.
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS;
}
