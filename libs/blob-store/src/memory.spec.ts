import { describeLocation } from '../test/conformance.ts';
import { quarantinedOn } from '../test/quarantined.ts';
import { MemoryDisk, memoryLocation } from './index.ts';

describeLocation(
  'memory',
  async () => {
    const disk = new MemoryDisk();
    return {
      location: await memoryLocation({ disk }),
      reopen: () => memoryLocation({ disk }),
      plant: async (path, bytes) => disk.tamper(`objects/${path}`, bytes),
      quarantined: async () => quarantinedOn(disk),
      isInMemory: true,
      crash: async () => disk.crash(),
      dispose: async () => undefined,
    };
  },
  { crash: true },
);
