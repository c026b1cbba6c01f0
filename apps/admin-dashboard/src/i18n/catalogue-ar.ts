import { catalogueOf } from '@heirloom/ui';

export const catalogue = catalogueOf(
  import.meta.glob('../*/text/ar.json', { eager: true, import: 'default' }),
);
