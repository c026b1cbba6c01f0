import { describe, expect, it } from '@jest/globals';
import { MemoryDisk, memoryLocation } from '@heirloom/blob-store';
import { newId, type UploadId } from '@heirloom/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytesOf } from '../vault.spec-helper.ts';
import { receive } from './receive.ts';
import type { StagedCopy } from './staging.ts';

async function copyOn(disk: MemoryDisk, id: UploadId, staged = new Uint8Array()): Promise<StagedCopy> {
  const location = await memoryLocation({ disk });
  const stage = await location.openStage(id);
  return { location, stage, length: await stage.append(0, pieces(staged)) };
}

async function* pieces(bytes: Uint8Array, size = 1000, error?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (error) throw error;
}

async function contentOf({ stage }: StagedCopy): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stage.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('receive', () => {
  const bytes = randomBytesOf(20_500);

  it('writes the same bytes to every stage, at the pace of the slowest', async () => {
    const slow = new MemoryDisk();
    slow.inject({ on: 'write', times: 1000, delayMs: 1 });
    const copies = [await copyOn(new MemoryDisk(), newId()), await copyOn(slow, newId())];
    let ahead = 0;
    let given = 0;
    const source = (async function* () {
      for await (const chunk of pieces(bytes)) {
        given += chunk.length;
        ahead = Math.max(ahead, given - (await copies[1]!.stage.length()));
        yield chunk;
      }
    })();
    const seen: Uint8Array[] = [];
    expect(await receive(copies, 0, source, (chunk) => seen.push(chunk))).toEqual({ failures: [] });
    for (const copy of copies) expect(await contentOf(copy)).toEqual(Buffer.from(bytes));
    expect(Buffer.concat(seen)).toEqual(Buffer.from(bytes));
    expect(ahead).toBeLessThanOrEqual(7000);
  });

  it('gives a stage that is further only what it lacks', async () => {
    const copies = [
      await copyOn(new MemoryDisk(), newId(), bytes.subarray(0, 4321)),
      await copyOn(new MemoryDisk(), newId(), bytes.subarray(0, 7777)),
    ];
    await receive(copies, 4321, pieces(bytes.subarray(4321)), () => undefined);
    for (const copy of copies) expect(await contentOf(copy)).toEqual(Buffer.from(bytes));
  });

  it('keeps what arrived before the source broke', async () => {
    const copies = [await copyOn(new MemoryDisk(), newId()), await copyOn(new MemoryDisk(), newId())];
    const error = new Error('cut');
    const { failures, interruption } = await receive(
      copies,
      0,
      pieces(bytes.subarray(0, 5000), 1000, error),
      () => undefined,
    );
    expect(failures).toEqual([]);
    expect(interruption).toBe(error);
    for (const copy of copies) expect(await contentOf(copy)).toEqual(Buffer.from(bytes.subarray(0, 5000)));
  });

  it('ends when a location is full, with the others left without a gap', async () => {
    const full = new MemoryDisk({ capacityBytes: 8000 });
    const copies = [await copyOn(full, newId()), await copyOn(new MemoryDisk(), newId())];
    let given = 0;
    const source = (async function* () {
      for (;;) {
        await sleep(0);
        yield bytes.subarray((given % 20) * 1000, ((given++ % 20) + 1) * 1000);
      }
    })();
    const { failures } = await receive(copies, 0, source, () => undefined);
    expect(failures).toMatchObject([{ error: { code: 'storage-full' } }]);
    const rest = await contentOf(copies[1]!);
    expect(rest).toEqual(Buffer.from(bytes.subarray(0, rest.length)));
  });
});
