export * from './config.ts';
export type { DiskOperation, Fault } from './disk/faults.ts';
export { MemoryDisk, type MemoryDiskOptions } from './disk/memory-disk.ts';
export { objectFile } from './files/paths.ts';
export * from './location.ts';
export * from './memory.ts';
