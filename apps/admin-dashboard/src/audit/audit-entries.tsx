import { auditRoutes, type AuditEntry, type RouteInput } from '@heirloom/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useRole, useStaff } from '../session/use-session.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { MoreButton } from '../tables/more-button.tsx';

export type AuditFilter = Pick<
  RouteInput<typeof auditRoutes.auditEntries>['query'],
  'kind' | 'accountId' | 'familyId'
>;
const pageLength = 50;

/** Entries of the trail that match, the newest first. */
export function AuditEntries({ filter }: { filter: AuditFilter }) {
  const text = useText();
  const { http } = useStaff();
  const query = useInfiniteQuery({
    queryKey: ['audit', 'entries', filter],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) =>
      http.call(
        auditRoutes.auditEntries,
        { query: { ...filter, limit: pageLength, ...(pageParam === null ? {} : { before: pageParam }) } },
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
  });
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const entries = pages.flatMap((page) => page.entries);
        if (entries.length === 0) return <Nothing>{text('audit.entries.none')}</Nothing>;
        return (
          <>
            <EntriesTable entries={entries} filter={filter} />
            <MoreButton query={query} />
          </>
        );
      }}
    </Loaded>
  );
}

function EntriesTable({ entries, filter }: { entries: readonly AuditEntry[]; filter: AuditFilter }) {
  const text = useText();
  const format = useFormat();
  const isOperator = useRole() === 'operator';
  const columns: Column<AuditEntry>[] = [
    { id: 'index', label: text('audit.index'), cell: ({ index }) => format.count(index) },
    { id: 'at', label: text('audit.at'), cell: ({ at }) => format.exactMoment(at) },
    // As in exports, in the command line and in the log of the services.
    { id: 'kind', label: text('audit.kind'), cell: ({ kind }) => <code className="id">{kind}</code> },
    { id: 'service', label: text('audit.service'), cell: ({ service }) => service },
    { id: 'actor', label: text('audit.actor'), cell: ({ actor }) => <Actor actor={actor} /> },
    ...(filter.accountId
      ? []
      : [
          {
            id: 'account',
            label: text('audit.account'),
            cell: ({ accountId }: AuditEntry) =>
              accountId ? (
                <Link to="/accounts/$accountId" params={{ accountId }} className="id">
                  {accountId}
                </Link>
              ) : (
                '–'
              ),
          },
        ]),
    ...(filter.familyId || !isOperator
      ? []
      : [
          {
            id: 'family',
            label: text('audit.family'),
            cell: ({ familyId }: AuditEntry) =>
              familyId ? (
                <Link to="/families/$familyId" params={{ familyId }} className="id">
                  {familyId}
                </Link>
              ) : (
                '–'
              ),
          },
        ]),
    { id: 'details', label: text('audit.details'), cell: (entry) => <Details entry={entry} /> },
  ];
  return (
    <DataTable
      caption={text('audit.entries')}
      columns={columns}
      rows={entries}
      keyOf={({ index }) => String(index)}
    />
  );
}

function Actor({ actor: { kind, id } }: Pick<AuditEntry, 'actor'>) {
  const text = useText();
  return (
    <>
      {text(`audit.actor.${kind}`)}
      {id && <code className="id"> {id}</code>}
    </>
  );
}

/** What the entry says beside, in the trail's own words. */
function Details({ entry: { details, subjectId } }: { entry: AuditEntry }) {
  const parts = Object.entries({ ...details, ...(subjectId ? { subject: subjectId } : {}) });
  if (parts.length === 0) return '–';
  return <code className="id">{parts.map(([name, value]) => `${name}=${String(value)}`).join(' ')}</code>;
}
