import { findingState, integrityRoutes, type Finding, type ScrubId } from '@heirloom/contracts';
import { ButtonLink, Card, Choice, EmptyState, Notice, Page, Stack } from '@heirloom/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded } from '../tables/loaded.tsx';
import { MoreButton } from '../tables/more-button.tsx';
import { FindingState } from './finding-state.tsx';
import styles from './findings.module.css';

const pageLength = 100;

type WantedState = Finding['state'] | 'all';

/** What scrubs found: all of it, one scrub's, or what is in one state. */
export function FindingsPage() {
  const text = useText();
  const { http } = useStaff();
  const { scrub, state } = useSearch({ from: '/inside/findings' });
  const navigate = useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['findings', 'list', scrub ?? null, state ?? null],
    initialPageParam: null as Finding['findingId'] | null,
    queryFn: ({ pageParam, signal }) =>
      http.call(
        integrityRoutes.findings,
        {
          query: {
            limit: pageLength,
            ...(scrub === undefined ? {} : { scrubId: scrub as ScrubId }),
            ...(state === undefined ? {} : { state }),
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
      <Stack>
        <div className={styles.filter}>
          <Choice<WantedState>
            label={text('findings.state')}
            value={state ?? 'all'}
            onChange={(wanted) =>
              void navigate({
                to: '/findings',
                search: { ...(scrub ? { scrub } : {}), ...(wanted === 'all' ? {} : { state: wanted }) },
                replace: true,
              })
            }
            options={[
              { value: 'all', label: text('findings.state.all') },
              ...findingState.options.map((value) => ({ value, label: text(`findings.state.${value}`) })),
            ]}
          />
        </div>
        <Loaded query={query}>
          {({ pages }) => (
            <>
              <Findings
                findings={pages.flatMap(({ findings }) => findings)}
                none={text(state ? 'findings.none.state' : 'findings.none')}
              />
              <MoreButton query={query} />
            </>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

function Findings({ findings, none }: { findings: readonly Finding[]; none: string }) {
  const text = useText();
  const format = useFormat();
  if (findings.length === 0) return <EmptyState icon={<ShieldCheck aria-hidden="true" />} title={none} />;
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
