import { operationsRoutes, serviceNames, type Job, type ServiceName } from '@heirloom/contracts';
import { Button, Page, Row, Stack, toast } from '@heirloom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { Badge } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';

/** Work that comes and goes in a moment sends no event. */
const everyMs = 10_000;

/** The background work of all services. */
export function JobsPage() {
  const text = useText();
  return (
    <Page title={text('jobs.title')} lead={text('jobs.lead')}>
      <Stack>
        {serviceNames.map((service) => (
          <JobsOf key={service} service={service} />
        ))}
      </Stack>
    </Page>
  );
}

function JobsOf({ service }: { service: ServiceName }) {
  const text = useText();
  const { http } = useStaff();
  const query = useQuery({
    queryKey: ['jobs', service],
    queryFn: ({ signal }) => http.call(operationsRoutes[service].jobs, {}, { signal }),
    refetchInterval: everyMs,
  });
  return (
    <Section title={service}>
      <Loaded query={query}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Nothing>{text('jobs.none')}</Nothing>
          ) : (
            <JobsTable service={service} jobs={jobs} />
          )
        }
      </Loaded>
    </Section>
  );
}

function JobsTable({ service, jobs }: { service: ServiceName; jobs: readonly Job[] }) {
  const text = useText();
  const format = useFormat();
  const counts = (['waiting', 'active', 'failed'] as const).map((id): Column<Job> => ({
    id,
    label: text(`jobs.${id}`),
    isNumber: true,
    cell: (job) => format.count(job[id]),
  }));
  const columns: Column<Job>[] = [
    { id: 'name', label: text('jobs.name'), cell: ({ name }) => name },
    {
      id: 'every',
      label: text('jobs.every'),
      cell: ({ everyMs: ms }) => (ms === null ? text('jobs.every.event') : format.lasting(ms)),
    },
    ...counts,
    { id: 'last', label: text('jobs.last'), cell: ({ lastRun }) => format.moment(lastRun?.finishedAt) },
    {
      id: 'took',
      label: text('jobs.took'),
      isNumber: true,
      cell: ({ lastRun }) => (lastRun ? format.lasting(lastRun.ms) : '–'),
    },
    { id: 'result', label: text('jobs.result'), cell: ({ lastRun }) => <Result lastRun={lastRun} /> },
    { id: 'actions', label: text('jobs.actions'), cell: (job) => <Actions service={service} job={job} /> },
  ];
  return (
    <DataTable
      caption={text('jobs.of', { service })}
      columns={columns}
      rows={jobs}
      keyOf={({ name }) => name}
    />
  );
}

function Result({ lastRun }: Pick<Job, 'lastRun'>) {
  const text = useText();
  if (!lastRun) return text('jobs.result.none');
  return lastRun.code === null ? (
    <Badge tone="good">{text('jobs.result.good')}</Badge>
  ) : (
    <Badge tone="danger">{text('jobs.result.failed', { code: lastRun.code })}</Badge>
  );
}

function Actions({ service, job: { name, failed } }: { service: ServiceName; job: Job }) {
  const text = useText();
  const say = useErrorText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const routes = operationsRoutes[service];
  const after = {
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs', service] }),
    onError: (error: unknown) => toast(say(error)),
  };
  const running = useMutation({
    mutationFn: () => http.call(routes.runJob, { params: { name } }),
    onSuccess: () => toast(text('jobs.run.done', { job: name })),
    ...after,
  });
  const retrying = useMutation({
    mutationFn: () => http.call(routes.retryJobs, { params: { name } }),
    onSuccess: ({ retried }) => toast(text('jobs.retry.done', { count: retried })),
    ...after,
  });
  return (
    <Row>
      <Button isPending={running.isPending} onPress={() => running.mutate()}>
        {text('jobs.run')}
        <span className="visually-hidden"> {name}</span>
      </Button>
      {failed > 0 && (
        <Button isPending={retrying.isPending} onPress={() => retrying.mutate()}>
          {text('jobs.retry')}
          <span className="visually-hidden"> {name}</span>
        </Button>
      )}
    </Row>
  );
}
