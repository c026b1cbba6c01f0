import { catalogueOf } from './text.ts';

export const catalogue = catalogueOf(
  import.meta.glob('../*/text/es.json', { eager: true, import: 'default' }),
);
