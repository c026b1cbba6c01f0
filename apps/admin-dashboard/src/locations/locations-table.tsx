import type { LocationStatus } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { LocationState } from './location-state.tsx';

const states = ['present', 'wanted', 'damaged', 'missing'] as const;

/** Each location with what lies in it. */
export function LocationsTable({ locations }: { locations: readonly LocationStatus[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<LocationStatus>[] = [
    { id: 'location', label: text('locations.location'), cell: ({ locationId }) => locationId },
    {
      id: 'state',
      label: text('locations.state'),
      cell: ({ state }) => <LocationState state={state} />,
    },
    { id: 'region', label: text('locations.region'), cell: ({ region }) => region ?? '–' },
    {
      id: 'driver',
      label: text('locations.driver'),
      cell: ({ driver, notes }) => (
        <>
          {driver === null ? '–' : text(`locations.driver.${driver}`)}
          {notes && <small> ({notes.join('; ')})</small>}
        </>
      ),
    },
    ...states.map((state): Column<LocationStatus> => ({
      id: state,
      label: text(`locations.copies.${state}`),
      isNumber: true,
      cell: ({ copies }) => format.count(copies[state]),
    })),
    {
      id: 'used',
      label: text('locations.used'),
      isNumber: true,
      cell: ({ usedBytes }) => format.bytes(usedBytes),
    },
    {
      id: 'free',
      label: text('locations.free'),
      isNumber: true,
      cell: ({ freeBytes }) => format.bytes(freeBytes),
    },
  ];
  return (
    <DataTable
      caption={text('locations.table')}
      columns={columns}
      rows={locations}
      keyOf={({ locationId }) => locationId}
    />
  );
}
