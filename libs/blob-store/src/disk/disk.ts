/**
 * The few file system calls that a location is made of. A real disk and a simulated one that can lose power stand
 * behind it, so the order of writes and syncs is tested on the code that runs.
 *
 * Paths are relative to the location's root, with slashes; '' is the root. Errors are Node's system errors with
 * their `code`.
 */
export interface Disk {
  /** `create` refuses what exists (EEXIST, mode 0600). `write` reads too. None follows a symbolic link. */
  open(path: string, access: 'create' | 'read' | 'write'): Promise<DiskFile>;
  /** Does not follow a symbolic link. */
  stat(path: string): Promise<DiskStat>;
  readdir(path: string): Promise<DiskEntry[]>;
  /** Mode 0700; the parent must exist. */
  mkdir(path: string): Promise<void>;
  /** Never overwrites (EEXIST). */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes the directory's entries durable, not what they lead to. */
  syncDirectory(path: string): Promise<void>;
  /** Free for this process's user, and altogether. */
  room(): Promise<{ freeBytes: number; totalBytes: number }>;
}

export interface DiskFile extends AsyncDisposable {
  /** May read fewer bytes than fit; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** May write fewer bytes than given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  stat(): Promise<DiskStat>;
  sync(): Promise<void>;
  chmod(mode: number): Promise<void>;
}

export type EntryKind = 'file' | 'directory' | 'other';

export interface DiskEntry {
  name: string;
  kind: EntryKind;
}

export interface DiskStat {
  kind: EntryKind;
  sizeBytes: number;
  modifiedMs: number;
  /** Names that lead to this file. */
  links: number;
}
