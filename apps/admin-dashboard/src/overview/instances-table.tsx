import type { Instance } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge, type BadgeTone } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';

const tones: Record<Instance['state'], BadgeTone> = { up: 'good', unwell: 'danger', silent: 'danger' };

/** Every process of every service. */
export function InstancesTable({ instances }: { instances: readonly Instance[] }) {
  const text = useText();
  const format = useFormat();
  const number = (id: string, label: string, of: (instance: Instance) => string): Column<Instance> => ({
    id,
    label,
    isNumber: true,
    cell: of,
  });
  const columns: Column<Instance>[] = [
    { id: 'service', label: text('overview.service'), cell: ({ service }) => service },
    {
      id: 'state',
      label: text('overview.state'),
      cell: ({ state }) => <Badge tone={tones[state]}>{text(`overview.state.${state}`)}</Badge>,
    },
    { id: 'host', label: text('overview.host'), cell: ({ host }) => host },
    { id: 'version', label: text('overview.version'), cell: ({ version }) => version },
    { id: 'since', label: text('overview.since'), cell: ({ startedAt }) => format.moment(startedAt) },
    { id: 'heard', label: text('overview.heard'), cell: ({ heardAt }) => format.time(heardAt) },
    number('lag', text('overview.lag'), ({ loopLagMs }) => format.lasting(loopLagMs)),
    number('memory', text('overview.memory'), ({ memoryBytes }) => format.bytes(memoryBytes)),
    number('requests', text('overview.requests.short'), ({ requests }) => format.count(requests)),
    number('errors', text('overview.errors.short'), ({ errors }) => format.count(errors)),
  ];
  return (
    <DataTable
      caption={text('overview.services')}
      columns={columns}
      rows={instances}
      keyOf={({ instance, service }) => `${service}/${instance}`}
    />
  );
}
