import { catalogueOf } from '@heirloom/ui';

/** All words but those of the first screen. */
export const catalogue = catalogueOf(
  import.meta.glob(['../*/text/en.json', '!../{app,media,shell,timeline}/text/en.json'], {
    eager: true,
    import: 'default',
  }),
);
