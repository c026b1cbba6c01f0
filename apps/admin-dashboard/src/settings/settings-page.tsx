import { operationsRoutes, serviceNames, type ServiceName, type SettingInForce } from '@heirloom/contracts';
import { Page, Stack, TextInput } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { Badge } from '../tables/badge.tsx';
import { DataTable, type Column } from '../tables/data-table.tsx';
import { Loaded, Nothing } from '../tables/loaded.tsx';
import { Section } from '../tables/section.tsx';

/** What the services were started with; to read only. */
export function SettingsPage() {
  const text = useText();
  const [filter, setFilter] = useState('');
  return (
    <Page title={text('settings.title')} lead={text('settings.lead')}>
      <Stack>
        <div style={{ maxInlineSize: '26rem' }}>
          <TextInput
            label={text('settings.filter')}
            value={filter}
            onChange={setFilter}
            autoComplete="off"
            spellCheck="false"
            dir="ltr"
          />
        </div>
        {serviceNames.map((service) => (
          <SettingsOf key={service} service={service} filter={filter.trim().toUpperCase()} />
        ))}
      </Stack>
    </Page>
  );
}

function SettingsOf({ service, filter }: { service: ServiceName; filter: string }) {
  const text = useText();
  const { http } = useStaff();
  const query = useQuery({
    queryKey: ['settings', service],
    queryFn: ({ signal }) => http.call(operationsRoutes[service].settings, {}, { signal }),
  });
  return (
    <Section title={service}>
      <Loaded query={query}>
        {({ settings }) => {
          const shown = settings.filter(({ name }) => name.includes(filter));
          if (shown.length === 0) return <Nothing>{text('settings.none')}</Nothing>;
          return <SettingsTable service={service} settings={shown} />;
        }}
      </Loaded>
    </Section>
  );
}

function SettingsTable({ service, settings }: { service: ServiceName; settings: readonly SettingInForce[] }) {
  const text = useText();
  const columns: Column<SettingInForce>[] = [
    { id: 'name', label: text('settings.name'), cell: ({ name }) => <code className="id">{name}</code> },
    { id: 'value', label: text('settings.value'), cell: (setting) => <Value setting={setting} /> },
    {
      id: 'origin',
      label: text('settings.origin'),
      cell: ({ origin }) => (
        <Badge tone={origin === 'default' ? 'plain' : 'info'}>{text(`settings.origin.${origin}`)}</Badge>
      ),
    },
    { id: 'description', label: text('settings.description'), cell: ({ description }) => description },
  ];
  return (
    <DataTable
      caption={text('settings.of', { service })}
      columns={columns}
      rows={settings}
      keyOf={({ name }) => name}
    />
  );
}

function Value({ setting: { isSecret, isSet, value } }: { setting: SettingInForce }) {
  const text = useText();
  if (isSecret) return text(isSet ? 'settings.value.secret' : 'settings.value.none');
  return value === null ? text('settings.value.none') : <code className="id">{value}</code>;
}
