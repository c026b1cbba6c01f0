import type { CryptoPorts } from '@heirloom/crypto';
import { nodeAead } from './node-aead.ts';
import { nodeDigest, nodeSha256 } from './node-sha256.ts';

/** The bulk algorithms by node:crypto, handed to libs/crypto in place of WebCrypto. */
export const nodePorts: CryptoPorts = { aead: nodeAead, sha256: nodeSha256, digest: nodeDigest };
