import { integrityRoutes, type Finding, type ScrubId } from '@heirloom/contracts';
import { ButtonLink, Card, EmptyState, Notice, Page } from '@heirloom/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded } from '../tables/loaded.tsx';
import { MoreButton } from '../tables/more-button.tsx';
import { FindingState } from './finding-state.tsx';

const pageLength = 100;

/** What scrubs found, all of it or one scrub's. */
export function FindingsPage() {
  const text = useText();
  const { http } = useStaff();
  const { scrub } = useSearch({ from: '/inside/findings' });
  const query = useInfiniteQuery({
    queryKey: ['findings', 'list', scrub ?? null],
    initialPageParam: null as Finding['findingId'] | null,
    queryFn: ({ pageParam, signal }) =>
      http.call(
        integrityRoutes.findings,
        {
          query: {
            limit: pageLength,
            ...(scrub === undefined ? {} : { scrubId: scrub as ScrubId }),
            ...(pageParam === null ? {} : { before: pageParam }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
  });
  return (
    <Page
      title={text('findings.title')}
      lead={scrub ? text('findings.ofScrub') : text('findings.lead')}
      actions={scrub && <ButtonLink href="/findings">{text('findings.all')}</ButtonLink>}
    >
      <Loaded query={query}>
        {({ pages }) => (
          <>
            <Findings findings={pages.flatMap(({ findings }) => findings)} />
            <MoreButton query={query} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const text = useText();
  const format = useFormat();
  if (findings.length === 0)
    return <EmptyState icon={<ShieldCheck aria-hidden="true" />} title={text('findings.none')} />;
  const lost = findings.filter(({ state }) => state === 'unrepairable').length;
  const columns: Column<Finding>[] = [
    { id: 'found', label: text('findings.found'), cell: ({ foundAt }) => format.moment(foundAt) },
    { id: 'location', label: text('findings.location'), cell: ({ locationId }) => locationId },
    { id: 'kind', label: text('findings.kind'), cell: ({ kind }) => text(`findings.kind.${kind}`) },
    { id: 'state', label: text('findings.state'), cell: ({ state }) => <FindingState state={state} /> },
    { id: 'changed', label: text('findings.changed'), cell: ({ changedAt }) => format.moment(changedAt) },
    { id: 'file', label: text('findings.file'), cell: ({ path }) => <code className="id">{path}</code> },
  ];
  return (
    <>
      {lost > 0 && <Notice tone="danger">{text('findings.unrepairable', { count: lost })}</Notice>}
      <Card>
        <DataTable
          caption={text('findings.title')}
          columns={columns}
          rows={findings}
          keyOf={({ findingId }) => findingId}
        />
      </Card>
    </>
  );
}
