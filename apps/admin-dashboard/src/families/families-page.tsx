import { Page } from '@heirloom/ui';
import { Link } from '@tanstack/react-router';
import { useQuotaText } from '../accounts/use-quota-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Listed } from '../tables/listed.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { useFamilies, type ListedFamily } from './use-families.ts';

/** All families, the newest first. */
export function FamiliesPage() {
  const text = useText();
  const query = useFamilies();
  return (
    <Page title={text('families.title')} lead={text('families.lead')}>
      <Loaded query={query}>
        {({ pages }) => {
          const families = pages.flatMap((page) => page.families);
          if (families.length === 0) return <Nothing>{text('families.none')}</Nothing>;
          return (
            <Listed
              query={query}
              warning={pages.some(({ isPartial }) => isPartial) && text('families.partial')}
            >
              <FamiliesTable families={families} />
            </Listed>
          );
        }}
      </Loaded>
    </Page>
  );
}

function FamiliesTable({ families }: { families: readonly ListedFamily[] }) {
  const text = useText();
  const format = useFormat();
  const sayQuota = useQuotaText();
  const columns: Column<ListedFamily>[] = [
    {
      id: 'family',
      label: text('families.family'),
      cell: ({ familyId }) => (
        <Link to="/families/$familyId" params={{ familyId }} className="id">
          {familyId}
        </Link>
      ),
    },
    { id: 'created', label: text('families.created'), cell: ({ createdAt }) => format.moment(createdAt) },
    {
      id: 'members',
      label: text('families.members'),
      isNumber: true,
      cell: ({ members }) => format.count(members),
    },
    {
      id: 'invites',
      label: text('families.invites'),
      isNumber: true,
      cell: ({ openInvites }) => format.count(openInvites),
    },
    {
      id: 'photos',
      label: text('families.photos'),
      isNumber: true,
      cell: ({ usage }) => format.count(usage?.photos),
    },
    {
      id: 'kept',
      label: text('families.kept'),
      isNumber: true,
      cell: ({ usage }) => format.bytes(usage?.bytes),
    },
    {
      id: 'quota',
      label: text('families.quota'),
      isNumber: true,
      cell: ({ usage }) => (usage ? sayQuota(usage.quota) : '–'),
    },
    {
      id: 'backup',
      label: text('families.backup'),
      cell: ({ usage }) => format.moment(usage?.lastBackupAt),
    },
  ];
  return (
    <DataTable
      caption={text('families.title')}
      columns={columns}
      rows={families}
      keyOf={({ familyId }) => familyId}
    />
  );
}
