import type { DiskStat } from './disk.ts';
import { MemoryContent, type Survives } from './memory-content.ts';

export interface FileNode {
  kind: 'file';
  content: MemoryContent;
  modifiedMs: number;
  links: number;
}

export interface FolderNode {
  kind: 'directory';
  entries: Map<string, Node>;
  /** The entries that a sync of this folder has made durable. */
  synced: Map<string, Node>;
}

export type Node = FileNode | FolderNode;

export const newFolder = (): FolderNode => ({ kind: 'directory', entries: new Map(), synced: new Map() });

export const newFile = (): FileNode => ({
  kind: 'file',
  content: new MemoryContent(),
  modifiedMs: Date.now(),
  links: 1,
});

export function lookUp(root: FolderNode, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path.split('/').filter(Boolean)) {
    node = node?.kind === 'directory' ? node.entries.get(name) : undefined;
  }
  return node;
}

/** Throws ENOENT. `call` is the system call that it fails for. */
export function find(root: FolderNode, path: string, call: string): Node {
  const node = lookUp(root, path);
  if (!node) throw systemError('ENOENT', call);
  return node;
}

/** Throws ENOENT or ENOTDIR. */
export function findFolder(root: FolderNode, path: string, call: string): FolderNode {
  const node = find(root, path, call);
  if (node.kind === 'file') throw systemError('ENOTDIR', call);
  return node;
}

/** The folder that a path ends in, and the last name. Throws as {@link findFolder}. */
export function parentOf(root: FolderNode, path: string, call: string): [FolderNode, string] {
  const cut = path.lastIndexOf('/');
  return [findFolder(root, path.slice(0, Math.max(0, cut)), call), path.slice(cut + 1)];
}

/** Reduces the tree to what a disk may hold after a power cut. */
export function losePower(root: FolderNode, survives: Survives): void {
  loseEntries(root, survives);
  for (const [file, links] of filesBelow(root)) {
    file.links = links;
    file.content.losePower(survives);
  }
}

export function usedBytes(root: FolderNode): number {
  let sum = 0;
  for (const file of filesBelow(root).keys()) sum += file.content.size;
  return sum;
}

export const systemError = (code: string, syscall: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });

export const toStat = (node: Node): DiskStat =>
  node.kind === 'file'
    ? { kind: node.kind, sizeBytes: node.content.size, modifiedMs: node.modifiedMs, links: node.links }
    : { kind: node.kind, sizeBytes: 0, modifiedMs: 0, links: 1 };

function loseEntries(folder: FolderNode, survives: Survives): void {
  for (const name of new Set([...folder.entries.keys(), ...folder.synced.keys()])) {
    const now = folder.entries.get(name);
    const synced = folder.synced.get(name);
    const kept = now === synced || survives() ? now : synced;
    if (kept) folder.entries.set(name, kept);
    else folder.entries.delete(name);
  }
  folder.synced = new Map(folder.entries);
  for (const node of folder.entries.values()) if (node.kind === 'directory') loseEntries(node, survives);
}

/** Every file below the folder, with the number of names that lead to it. */
function filesBelow(folder: FolderNode, files = new Map<FileNode, number>()): Map<FileNode, number> {
  for (const node of folder.entries.values()) {
    if (node.kind === 'directory') filesBelow(node, files);
    else files.set(node, (files.get(node) ?? 0) + 1);
  }
  return files;
}
