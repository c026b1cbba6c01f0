import { catalogueOf } from '@heirloom/ui';

export const catalogue = catalogueOf(
  import.meta.glob('../*/text/de.json', { eager: true, import: 'default' }),
);
