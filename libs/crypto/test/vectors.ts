import type { AccountId, DeviceId, LibraryId, PhotoId, VersionId } from '@heirloom/contracts';
import type { Binding } from '@heirloom/formats';

/** vectors/crypto.json, made by vectors/make.mjs. Bytes are in hex. */
export interface FrozenVectors {
  streams: {
    size: number;
    key: string;
    salt: string;
    context: string;
    sealedSha256: string;
    sealed?: string;
  }[];
  derive: { key: string; part: string; pin: string; commitment: string; unlock: string };
  wrap: { key: string; binding: Binding; wrapped: string; unwrapped: string };
  records: { key: string; binding: Binding; text: string; sealed: string }[];
  badRecords: { key: string; binding: Binding; sealed: string }[];
  hpke: {
    seed: string;
    privateKey: string;
    publicKey: string;
    binding: Binding;
    key: string;
    sealed: string;
  };
  object: {
    ids: { library: LibraryId; photo: PhotoId; version: VersionId; author: AccountId; device: DeviceId };
    libraryKey: string;
    fileKey: string;
    signerSeed: string;
    wrap: string;
    sizes: Record<string, number>;
    salts: string[];
    trailer: string;
    sha256: string;
  };
  recovery: {
    words: string;
    secret: string;
    accessCode: string;
    accessHash: string;
    publicKeySha256: string;
  };
}

/** C2SP/wycheproof, c2sp_chunked_encryption_aes_256_gcm_test.json. */
export interface PublishedCobblestone {
  numberOfTests: number;
  testGroups: {
    tests: {
      tcId: number;
      comment: string;
      key: string;
      ctx: string;
      /** zlib, in hex. */
      ct: string;
      aeadKey?: string;
      baseNonce?: string;
      msgLength?: number;
      msgSha512?: string;
      result: 'valid' | 'invalid';
    }[];
  }[];
}

/** hpkewg/hpke-pq, test-vectors.json. */
export type PublishedHpke = {
  mode: number;
  kem_id: number;
  kdf_id: number;
  aead_id: number;
  info: string;
  ikmR: string;
  skRm: string;
  pkRm: string;
  enc: string;
  encryptions: { aad: string; ct: string; pt: string }[];
  exports: { exporter_context: string; L: number; exported_value: string }[];
}[];
