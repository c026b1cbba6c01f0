import type { LocationStatus } from '@heirloom/contracts';
import { Notice, Page, Stack } from '@heirloom/ui';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { Figures } from '../tables/figures.tsx';
import { Loaded } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { Fills } from './fills.tsx';
import { LocationsTable } from './locations-table.tsx';
import { useLocations } from './use-locations.ts';

type Copies = keyof LocationStatus['copies'];

/** Every storage location: whether it answers, how full it is, and what lies in it. */
export function LocationsPage() {
  const text = useText();
  const query = useLocations();
  return (
    <Page title={text('locations.title')} lead={text('locations.lead')}>
      <Loaded query={query}>
        {({ locations }) => (
          <Stack>
            <Problems locations={locations} />
            <Sums locations={locations} />
            <Section title={text('locations.table')}>
              <LocationsTable locations={locations} />
            </Section>
            <Section title={text('locations.fill')}>
              <Fills locations={locations} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

interface Locations {
  locations: readonly LocationStatus[];
}

const sumOf = (locations: readonly LocationStatus[], ...of: Copies[]): number =>
  locations.reduce((sum, { copies }) => sum + of.reduce((own, state) => own + copies[state], 0), 0);

function Problems({ locations }: Locations) {
  return locations
    .filter(({ problem }) => problem !== null)
    .map(({ locationId, state, problem }) => (
      <Notice key={locationId} tone={state === 'unavailable' ? 'danger' : 'warn'}>
        <strong>{locationId}</strong>: {problem}
      </Notice>
    ));
}

function Sums({ locations }: Locations) {
  const text = useText();
  const format = useFormat();
  const unwell = locations.filter(({ state }) => state !== 'writable').length;
  const waiting = sumOf(locations, 'wanted');
  const bad = sumOf(locations, 'damaged', 'missing');
  return (
    <Figures
      figures={[
        {
          label: text('locations.count'),
          value: format.count(locations.length),
          note: text('locations.unwell', { count: unwell }),
          tone: unwell > 0 ? 'danger' : 'good',
        },
        {
          label: text('locations.present'),
          value: format.count(sumOf(locations, 'present')),
          note: format.bytes(locations.reduce((sum, { usedBytes }) => sum + usedBytes, 0)),
        },
        {
          label: text('locations.waiting'),
          value: format.count(waiting),
          tone: waiting > 0 ? 'info' : 'plain',
        },
        { label: text('locations.bad'), value: format.count(bad), tone: bad > 0 ? 'danger' : 'good' },
      ]}
    />
  );
}
