import { readFile } from 'node:fs/promises';
import type { Child } from './processes.ts';

/** The most that a process has had resident so far, in bytes: VmHWM of proc(5). */
export async function peakBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('no VmHWM in /proc');
  return Number(kibibytes) * 1024;
}

export async function peakBytesOf(child: Child | undefined): Promise<number> {
  if (!child?.running) throw new Error('the process is not running');
  return peakBytes(child.process.pid);
}

/** All bytes that a process has read so far, from files, sockets and pipes (rchar of proc(5)). */
export async function readBytes(child: Child | undefined): Promise<number> {
  if (!child?.running) throw new Error('the process is not running');
  const text = await readFile(`/proc/${child.process.pid}/io`, 'utf8');
  const bytes = /^rchar: (\d+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error('no rchar in /proc');
  return Number(bytes);
}
