import type { Catalogue, Language } from '@heirloom/ui';

type Loaders = Record<Language, () => Promise<{ catalogue: Catalogue }>>;

/** Each language is a file of its own, fetched when it is chosen. */
const loaders: Loaders = {
  en: () => import('./catalogue-en.ts'),
  de: () => import('./catalogue-de.ts'),
  es: () => import('./catalogue-es.ts'),
  ar: () => import('./catalogue-ar.ts'),
};
/** The words of coming in and of the family, which the first screen of somebody who is in does without. */
const lateLoaders: Loaders = {
  en: () => import('./late-en.ts'),
  de: () => import('./late-de.ts'),
  es: () => import('./late-es.ts'),
  ar: () => import('./late-ar.ts'),
};

export async function loadCatalogue(language: Language, withLate: boolean): Promise<Catalogue> {
  const [{ catalogue }, late] = await Promise.all([
    loaders[language](),
    withLate ? lateLoaders[language]() : null,
  ]);
  return late ? { ...catalogue, ...late.catalogue } : catalogue;
}
