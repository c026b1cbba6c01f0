import { latin, readExactly, type ByteSource } from '../source/byte-source.ts';

/** A box of ISO/IEC 14496-12 (MP4, QuickTime, HEIF, CR3); `start` and `end` enclose its content. */
export interface Box {
  type: string;
  /** Of a box `uuid`, in lower-case hex. */
  uuid?: string;
  start: number;
  end: number;
}

const maxBoxes = 4096;

/** The boxes between two offsets. It ends where a box would leave its parent. */
export async function* boxesIn(source: ByteSource, start = 0, end = source.size): AsyncGenerator<Box> {
  let at = start;
  for (let count = 0; count < maxBoxes && at + 8 <= end; count += 1) {
    const head = await readExactly(source, at, 8);
    const type = latin(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    let size = head.getUint32(0);
    let content = at + 8;
    if (size === 1) {
      if (at + 16 > end) return;
      size = Number((await readExactly(source, at + 8, 8)).getBigUint64(0));
      content += 8;
    } else if (size === 0) size = end - at;
    let uuid: string | undefined;
    if (type === 'uuid' && content + 16 <= end) {
      uuid = hex(await source.read(content, 16));
      content += 16;
    }
    if (size < content - at || at + size > end) return;
    yield { type, ...(uuid ? { uuid } : {}), start: content, end: at + size };
    at += size;
  }
}

/** The first box under each step of a path, as `moov/udta`. */
export async function findBox(source: ByteSource, path: string, within?: Box): Promise<Box | undefined> {
  let box = within;
  for (const step of path.split('/')) {
    let next: Box | undefined;
    for await (const one of boxesIn(source, box?.start, box?.end)) {
      if (one.type !== step) continue;
      next = one;
      break;
    }
    if (!next) return undefined;
    // `meta` is a full box in HEIF: version and flags stand before its children.
    box = step === 'meta' ? { ...next, start: next.start + 4 } : next;
  }
  return box;
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
