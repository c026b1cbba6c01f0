import { integrityStaffRoutes, type Overview } from '@heirloom/contracts';
import { Notice, Page, Stack } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { LocationsTable } from '../locations/locations-table.tsx';
import { useStaff } from '../session/use-session.ts';
import { Loaded } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';
import { InstancesTable } from './instances-table.tsx';
import { OverviewFigures } from './overview-figures.tsx';

/** Requests and memory change all the time and send no event. */
const everyMs = 10_000;

/** Everything at a glance: services, work, storage, findings. */
export function OverviewPage() {
  const text = useText();
  const { http } = useStaff();
  const query = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => http.call(integrityStaffRoutes.overview, {}, { signal }),
    refetchInterval: everyMs,
  });
  return (
    <Page title={text('overview.title')} lead={text('overview.lead')}>
      <Loaded query={query}>
        {(overview) => (
          <Stack>
            <Problems overview={overview} />
            <OverviewFigures overview={overview} />
            <Section title={text('overview.services')}>
              <InstancesTable instances={overview.instances} />
            </Section>
            <Section title={text('overview.storage')}>
              {overview.storage ? (
                <LocationsTable locations={overview.storage.locations} />
              ) : (
                <Notice tone="warn">{text('overview.storage.unknown')}</Notice>
              )}
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** What somebody should do something about. */
function Problems({ overview: { missing, instances, storage } }: { overview: Overview }) {
  const text = useText();
  const format = useFormat();
  const broken = instances.flatMap(({ service, host, instance, parts, state }) =>
    state === 'silent'
      ? []
      : parts.flatMap(({ name, problem }) =>
          problem === null ? [] : [{ key: `${instance}/${name}`, service, host, part: name, problem }],
        ),
  );
  const away = (storage?.locations ?? []).filter(({ state }) => state === 'unavailable');
  return (
    <>
      {missing.length > 0 && (
        <Notice tone="danger">
          {text('overview.missing', { count: missing.length, services: format.list(missing) })}
        </Notice>
      )}
      {broken.map(({ key, ...values }) => (
        <Notice key={key} tone="danger">
          {text('overview.part', values)}
        </Notice>
      ))}
      {away.map(({ locationId, problem }) => (
        <Notice key={locationId} tone="danger">
          <strong>{locationId}</strong>: {problem}
        </Notice>
      ))}
    </>
  );
}
