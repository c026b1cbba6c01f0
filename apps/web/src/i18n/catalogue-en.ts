import { catalogueOf } from '@heirloom/ui';

/** The words of the first screen. */
export const catalogue = catalogueOf(
  import.meta.glob('../{app,media,shell,timeline}/text/en.json', { eager: true, import: 'default' }),
);
