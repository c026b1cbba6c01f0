import { catalogueOf } from '@heirloom/ui';

/** All words but those of the first screen. */
export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/de.json', '!../{app,media,shell,timeline}/text/de.json'], {
    eager: true,
    import: 'default',
  }),
);
