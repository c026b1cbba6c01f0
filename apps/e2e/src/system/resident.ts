import { readFile } from 'node:fs/promises';
import type { Child } from './processes.ts';

/** VmRSS of a process in bytes (proc(5)). */
export async function residentBytes(child: Child | undefined): Promise<number> {
  if (!child?.running) throw new Error('the process is not running');
  const status = await readFile(`/proc/${child.process.pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('no VmRSS in /proc');
  return Number(kibibytes) * 1024;
}
