import { catalogueOf } from '@heirloom/ui';

export const catalogue = catalogueOf(
  import.meta.glob('../*/text/en.json', { eager: true, import: 'default' }),
);
