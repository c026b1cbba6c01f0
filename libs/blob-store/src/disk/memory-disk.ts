import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk, DiskEntry, DiskFile, DiskStat } from './disk.ts';
import { Faults, type DiskOperation, type Effect, type Fault } from './faults.ts';
import type { Survives } from './memory-content.ts';
import * as tree from './memory-tree.ts';
import { systemError, type FileNode, type FolderNode, type Node } from './memory-tree.ts';

export interface MemoryDiskOptions {
  /** Room for files' bytes; names and folders take none. Unlimited when left out. */
  capacityBytes?: number;
  /** Whether the file system can link, as exFAT cannot. True when left out. */
  hardLinks?: boolean;
}

/**
 * A disk in memory that behaves as badly as a real one may. What was written but not synced is lost by
 * {@link crash}: file contents and directory entries each on their own, as POSIX allows.
 */
export class MemoryDisk implements Disk {
  readonly #options: Required<MemoryDiskOptions>;
  readonly #root: FolderNode = tree.newFolder();
  readonly #faults = new Faults();
  #hasPower = true;
  /** Rises with every crash: a file that was open before belongs to a process that is gone. */
  #boot = 0;

  constructor({ capacityBytes = Number.MAX_SAFE_INTEGER, hardLinks = true }: MemoryDiskOptions = {}) {
    this.#options = { capacityBytes, hardLinks };
  }

  /** Operations so far, to aim a fault at each of them in turn. */
  get operations(): number {
    return this.#faults.count;
  }

  inject(fault: Fault): void {
    this.#faults.inject(fault);
  }

  /** Ends all injected faults. A power cut is ended by {@link crash}. */
  heal(): void {
    this.#faults.clear();
  }

  /**
   * Loses power and comes back. By default everything that was not synced is lost; `survives` is asked about each
   * change and may let any of them through. Faults are over.
   */
  crash({ survives = () => false }: { survives?: Survives } = {}): void {
    this.#boot++;
    this.#hasPower = true;
    this.heal();
    tree.losePower(this.#root, survives);
  }

  /** The bytes of a file; `undefined` when there is none. Meets no faults. */
  peek(path: string): Uint8Array | undefined {
    const node: Node | undefined = tree.lookUp(this.#root, path);
    return node?.kind === 'file' ? node.content.bytes() : undefined;
  }

  /** Puts bytes on the disk behind the location's back, or takes a file away with `undefined`. Meets no faults. */
  tamper(path: string, bytes: Uint8Array | undefined): void {
    const names = path.split('/');
    const last = names.pop()!;
    let folder = this.#root;
    for (const name of names) {
      const next = folder.entries.get(name) ?? tree.newFolder();
      if (next.kind === 'file') throw systemError('ENOTDIR', 'open');
      folder.entries.set(name, next);
      folder.synced.set(name, next);
      folder = next;
    }
    for (const entries of [folder.entries, folder.synced]) entries.delete(last);
    if (!bytes) return;
    const file = tree.newFile();
    file.content.write(bytes, 0);
    file.content.sync();
    for (const entries of [folder.entries, folder.synced]) entries.set(last, file);
  }

  async open(path: string, access: 'create' | 'read' | 'write'): Promise<DiskFile> {
    await this.#meet('open');
    const [folder, name] = tree.parentOf(this.#root, path, 'open');
    let node = folder.entries.get(name);
    if (access === 'create') {
      if (node) throw systemError('EEXIST', 'open');
      node = tree.newFile();
      folder.entries.set(name, node);
    }
    if (!node) throw systemError('ENOENT', 'open');
    if (node.kind === 'directory') throw systemError('EISDIR', 'open');
    return this.#file(node);
  }

  async stat(path: string): Promise<DiskStat> {
    await this.#meet('stat');
    return tree.toStat(tree.find(this.#root, path, 'lstat'));
  }

  async readdir(path: string): Promise<DiskEntry[]> {
    await this.#meet('readdir');
    return [...tree.findFolder(this.#root, path, 'scandir').entries].map(([name, { kind }]) => ({
      name,
      kind,
    }));
  }

  async mkdir(path: string): Promise<void> {
    await this.#meet('mkdir');
    const [folder, name] = tree.parentOf(this.#root, path, 'mkdir');
    if (folder.entries.has(name)) throw systemError('EEXIST', 'mkdir');
    folder.entries.set(name, tree.newFolder());
  }

  async link(from: string, to: string): Promise<void> {
    await this.#meet('link');
    const node = tree.find(this.#root, from, 'link');
    if (node.kind === 'directory' || !this.#options.hardLinks) throw systemError('EPERM', 'link');
    const [folder, name] = tree.parentOf(this.#root, to, 'link');
    if (folder.entries.has(name)) throw systemError('EEXIST', 'link');
    folder.entries.set(name, node);
    node.links++;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#meet('rename');
    const node = tree.find(this.#root, from, 'rename');
    const [source, sourceName] = tree.parentOf(this.#root, from, 'rename');
    const [target, targetName] = tree.parentOf(this.#root, to, 'rename');
    source.entries.delete(sourceName);
    target.entries.set(targetName, node);
  }

  async unlink(path: string): Promise<void> {
    await this.#meet('unlink');
    const node = tree.find(this.#root, path, 'unlink');
    if (node.kind === 'directory') throw systemError('EPERM', 'unlink');
    const [folder, name] = tree.parentOf(this.#root, path, 'unlink');
    folder.entries.delete(name);
    node.links--;
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#meet('syncDirectory');
    const folder = tree.findFolder(this.#root, path, 'fsync');
    folder.synced = new Map(folder.entries);
  }

  async room(): Promise<{ freeBytes: number; totalBytes: number }> {
    await this.#meet('room');
    return { freeBytes: this.#free(), totalBytes: this.#options.capacityBytes };
  }

  #file(node: FileNode): DiskFile {
    const boot = this.#boot;
    const meet = async (operation: DiskOperation): Promise<Effect[]> => {
      if (boot !== this.#boot) throw systemError('EIO', operation);
      return this.#meet(operation);
    };
    return {
      read: async (into, position) => {
        const effects = await meet('read');
        const count = node.content.read(into.subarray(0, maxBytes(effects, into.length)), position);
        if (count > 0 && effects.some((effect) => 'bitFlip' in effect)) into[count >> 1]! ^= 1;
        return count;
      },
      write: async (bytes, position) => {
        const effects = await meet('write');
        const grows = Math.max(0, position + bytes.length - node.content.size);
        const fits = bytes.length - Math.max(0, grows - this.#free());
        if (bytes.length > 0 && fits <= 0) throw systemError('ENOSPC', 'write');
        const count = maxBytes(effects, fits);
        node.content.write(bytes.subarray(0, count), position);
        node.modifiedMs = Date.now();
        return count;
      },
      stat: async () => {
        await meet('stat');
        return tree.toStat(node);
      },
      sync: async () => {
        await meet('sync');
        node.content.sync();
      },
      // Modes are not simulated.
      chmod: async () => void (await meet('chmod')),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  /** Lets the operation meet its faults. Answers those that do not stop it. */
  async #meet(operation: DiskOperation): Promise<Effect[]> {
    const boot = this.#boot;
    const effects = this.#faults.next(operation);
    for (const effect of effects) {
      if ('delayMs' in effect) await sleep(effect.delayMs);
      if ('powerCut' in effect) this.#hasPower = false;
    }
    await Promise.resolve();
    if (!this.#hasPower || boot !== this.#boot) throw systemError('EIO', operation);
    for (const effect of effects) if ('error' in effect) throw systemError(effect.error, operation);
    return effects;
  }

  #free(): number {
    if (this.#options.capacityBytes === Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
    return Math.max(0, this.#options.capacityBytes - tree.usedBytes(this.#root));
  }
}

const maxBytes = (effects: readonly Effect[], bytes: number): number =>
  effects.reduce((most, effect) => ('maxBytes' in effect ? Math.min(most, effect.maxBytes) : most), bytes);
