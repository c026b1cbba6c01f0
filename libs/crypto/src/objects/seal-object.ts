import type { ObjectName } from '@heirloom/contracts';
import { makeTrailer, partContext, type Manifest, type Signer } from '@heirloom/formats';
import { seal } from '../cobblestone/seal.ts';
import { partKey, plaintextCommitment } from '../keys/derive.ts';
import { webPorts, type CryptoPorts } from '../ports/ports.ts';
import { ObjectHasher } from './hashing.ts';
import { openFileKey, planShape, type ObjectPlan } from './plan.ts';
import { checkedBlocks, type PartSource } from './source.ts';

export interface SealObjectInputs {
  /** The plaintext of each planned part, by label. */
  sources: Readonly<Record<string, PartSource>>;
  /** The library key of the plan's wrap. */
  libraryKey: Uint8Array;
  /** The author's identity or device. */
  signer: Signer;
  ports?: CryptoPorts;
  /** Bytes of the object to leave out, since they were sent before. They are made and hashed all the same. */
  from?: number;
}

export interface SealedObject {
  /** SHA-256 of the whole object. */
  name: ObjectName;
  length: number;
  manifest: Manifest;
  trailer: Uint8Array<ArrayBuffer>;
}

/**
 * Makes an object from its plan: parts side by side, then the trailer. The same plan and the same plaintexts give
 * the same bytes. Iterate it once; `result` is there after the end. Holds a few MiB, whatever the length.
 * @throws SourceChangedError while iterating, when a plaintext is not the planned one.
 */
export class ObjectSealing implements AsyncIterable<Uint8Array> {
  readonly #plan: ObjectPlan;
  readonly #inputs: SealObjectInputs;
  #result: SealedObject | undefined;

  constructor(plan: ObjectPlan, inputs: SealObjectInputs) {
    this.#plan = plan;
    this.#inputs = inputs;
  }

  /** Throws while the object is not complete. */
  get result(): SealedObject {
    if (!this.#result) throw new Error('the object is not complete yet');
    return this.#result;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let skip = this.#inputs.from ?? 0;
    for await (const bytes of this.#everything()) {
      if (skip < bytes.length) yield bytes.subarray(skip);
      skip = Math.max(0, skip - bytes.length);
    }
  }

  async *#everything(): AsyncGenerator<Uint8Array> {
    const plan = this.#plan;
    const { libraryKey, signer, ports = webPorts } = this.#inputs;
    const fileKey = await openFileKey(libraryKey, plan.wrap, plan.version);
    const hasher = new ObjectHasher(ports);
    for (const part of plan.parts) {
      for await (const bytes of this.#sealPart(part, fileKey, ports)) {
        await hasher.body(bytes);
        yield bytes;
      }
    }
    const manifest = {
      ...planShape(plan),
      blocks: await hasher.blocks(),
      commitment: plaintextCommitment(fileKey, plan.original),
    };
    const trailer = await makeTrailer(manifest, plan.wrap, signer);
    const length = manifest.parts.reduce((sum, part) => sum + part.length, trailer.length);
    this.#result = { name: hasher.end(trailer) as ObjectName, length, manifest, trailer };
    yield trailer;
  }

  #sealPart(
    { label, salt, digest }: ObjectPlan['parts'][number],
    fileKey: Uint8Array,
    ports: CryptoPorts,
  ): AsyncGenerator<Uint8Array> {
    const source = this.#inputs.sources[label];
    if (!source) throw new RangeError(`no source for the part ${label}`);
    const context = partContext({ ...this.#plan, label });
    return seal(checkedBlocks(source, digest, label, ports), {
      key: partKey(fileKey, label),
      context,
      salt,
      ports,
    });
  }
}

export const sealObject = (plan: ObjectPlan, inputs: SealObjectInputs): ObjectSealing =>
  new ObjectSealing(plan, inputs);
