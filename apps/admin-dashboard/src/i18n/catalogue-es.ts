import { catalogueOf } from '@heirloom/ui';

export const catalogue = catalogueOf(
  import.meta.glob('../*/text/es.json', { eager: true, import: 'default' }),
);
