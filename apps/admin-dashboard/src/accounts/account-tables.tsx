import type { FoundDevice, FoundUnlock, StaffAct } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';

/** Devices, whose names nobody here can read. */
export function DevicesTable({ devices }: { devices: readonly FoundDevice[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<FoundDevice>[] = [
    {
      id: 'id',
      label: text('accounts.device.id'),
      cell: ({ deviceId }) => <code className="id">{deviceId}</code>,
    },
    {
      id: 'state',
      label: text('accounts.device.state'),
      cell: ({ revokedAt }) =>
        revokedAt ? (
          <Badge tone="plain">{text('accounts.device.out', { at: format.moment(revokedAt) })}</Badge>
        ) : (
          <Badge tone="good">{text('accounts.device.in')}</Badge>
        ),
    },
    {
      id: 'by',
      label: text('accounts.device.by'),
      cell: ({ enteredBy }) => text(`accounts.unlock.${enteredBy}`),
    },
    { id: 'created', label: text('accounts.created'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'seen', label: text('accounts.seen'), cell: ({ lastSeenAt }) => format.moment(lastSeenAt) },
  ];
  return (
    <DataTable
      caption={text('accounts.devices')}
      columns={columns}
      rows={devices}
      keyOf={({ deviceId }) => deviceId}
    />
  );
}

export function ActsTable({ acts }: { acts: readonly StaffAct[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<StaffAct>[] = [
    { id: 'at', label: text('accounts.acts.at'), cell: ({ at }) => format.moment(at) },
    { id: 'kind', label: text('accounts.acts.kind'), cell: ({ kind }) => text(`accounts.acts.${kind}`) },
    { id: 'role', label: text('accounts.acts.role'), cell: ({ role }) => text(`shell.role.${role}`) },
    { id: 'reason', label: text('accounts.reason'), cell: ({ reason }) => <bdi>{reason ?? '–'}</bdi> },
  ];
  return (
    <DataTable caption={text('accounts.acts')} columns={columns} rows={acts} keyOf={({ actId }) => actId} />
  );
}

export function UnlocksTable({ unlocks }: { unlocks: readonly FoundUnlock[] }) {
  const text = useText();
  const format = useFormat();
  const columns: Column<FoundUnlock>[] = [
    { id: 'kind', label: text('accounts.unlocks.kind'), cell: ({ kind }) => text(`accounts.unlock.${kind}`) },
    { id: 'created', label: text('accounts.created'), cell: ({ createdAt }) => format.moment(createdAt) },
    { id: 'used', label: text('accounts.unlocks.used'), cell: ({ usedAt }) => format.moment(usedAt) },
  ];
  return (
    <DataTable
      caption={text('accounts.unlocks')}
      columns={columns}
      rows={unlocks}
      keyOf={({ kind, createdAt }) => `${kind}${createdAt.getTime()}`}
    />
  );
}
