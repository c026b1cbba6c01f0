import { Link } from '@tanstack/react-router';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { AccountState } from './account-state.tsx';
import type { ListedAccount } from './use-accounts.ts';
import { useQuotaText } from './use-quota-text.ts';

export function AccountsTable({ accounts }: { accounts: readonly ListedAccount[] }) {
  const text = useText();
  const format = useFormat();
  const sayQuota = useQuotaText();
  const columns: Column<ListedAccount>[] = [
    {
      id: 'email',
      label: text('accounts.email'),
      cell: ({ accountId, email }) => (
        <Link to="/accounts/$accountId" params={{ accountId }}>
          <bdi>{email}</bdi>
        </Link>
      ),
    },
    {
      id: 'state',
      label: text('accounts.state'),
      cell: ({ lockedAt }) => <AccountState lockedAt={lockedAt} />,
    },
    { id: 'created', label: text('accounts.created'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'seen', label: text('accounts.seen'), cell: ({ lastSeenAt }) => format.moment(lastSeenAt) },
    {
      id: 'devices',
      label: text('accounts.devices'),
      isNumber: true,
      cell: ({ devices }) => format.count(devices),
    },
    {
      id: 'photos',
      label: text('accounts.photos'),
      isNumber: true,
      cell: ({ usage }) => format.count(usage?.photos),
    },
    {
      id: 'kept',
      label: text('accounts.kept'),
      isNumber: true,
      cell: ({ usage }) => format.bytes(usage?.bytes),
    },
    {
      id: 'quota',
      label: text('accounts.quota'),
      isNumber: true,
      cell: ({ usage }) => (usage ? sayQuota(usage.quota) : '–'),
    },
    {
      id: 'backup',
      label: text('accounts.backup'),
      cell: ({ usage }) =>
        usage && !usage.lastBackupAt ? text('accounts.backup.never') : format.moment(usage?.lastBackupAt),
    },
    {
      id: 'family',
      label: text('accounts.family'),
      cell: ({ familyId }) =>
        familyId === null ? (
          text('accounts.family.none')
        ) : (
          <Link to="/families/$familyId" params={{ familyId }}>
            {text('accounts.family.show')}
          </Link>
        ),
    },
  ];
  return (
    <DataTable
      caption={text('accounts.title')}
      columns={columns}
      rows={accounts}
      keyOf={({ accountId }) => accountId}
    />
  );
}
