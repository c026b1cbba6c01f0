import { existsSync, readFileSync } from 'node:fs';
import type { SuiteInput } from './check.ts';
import type { FrozenVectors, PublishedCobblestone, PublishedHpke } from './vectors.ts';

const root = new URL('../../../', import.meta.url);
const read = <T>(url: URL) => JSON.parse(readFileSync(url, 'utf8')) as T;
/** Published vectors stand beside the clone where they are at hand; the project's own run everywhere. */
const published = <T>(name: string): T | undefined => {
  const url = new URL(`../shared/vectors/${name}`, root);
  return existsSync(url) ? read<T>(url) : undefined;
};

export function vectorFiles(): Omit<SuiteInput, 'ports'> {
  const cobblestone = published<PublishedCobblestone>('c2sp_chunked_encryption_aes_256_gcm_test.json');
  const hpke = published<PublishedHpke>('hpke_pq_test_vectors.json');
  return {
    vectors: read<FrozenVectors>(new URL('../vectors/crypto.json', import.meta.url)),
    published: { ...(cobblestone ? { cobblestone } : {}), ...(hpke ? { hpke } : {}) },
  };
}
