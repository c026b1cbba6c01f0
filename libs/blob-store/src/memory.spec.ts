import { describeLocation } from '../test/conformance.ts';
import { MemoryDisk, memoryLocation } from './index.ts';

describeLocation(
  'memory',
  async () => {
    const disk = new MemoryDisk();
    return {
      location: await memoryLocation({ disk }),
      reopen: () => memoryLocation({ disk }),
      plant: async (path, bytes) => disk.tamper(`objects/${path}`, bytes),
      isInMemory: true,
      crash: async () => disk.crash(),
      dispose: async () => undefined,
    };
  },
  { crash: true },
);
