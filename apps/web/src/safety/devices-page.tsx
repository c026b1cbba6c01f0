import { ActionMenu, Button, Card, IconButton, Notice, Page, Soft, Spinner } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { EllipsisVertical, LogOut, MonitorSmartphone, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { RenameDevice, RevokeDevice } from './device-dialogs.tsx';
import type { DeviceCard } from './devices-engine.ts';
import styles from './safety.module.css';

type Task = { kind: 'rename' | 'revoke'; device: DeviceCard } | null;

/** Where the person is signed in, and a way to sign the others out. */
export function DevicesPage() {
  const text = useText();
  const say = useErrorText();
  const [task, setTask] = useState<Task>(null);
  const {
    data: devices,
    error,
    refetch,
  } = useQuery({
    queryKey: ['safety', 'devices'],
    queryFn: () => ask((engine) => engine.devices.list()),
    staleTime: 0,
  });
  const open = devices?.filter(({ revokedAt }) => revokedAt === null) ?? [];
  const gone = devices?.filter(({ revokedAt }) => revokedAt !== null) ?? [];
  return (
    <Page title={text('safety.devices.title')} lead={text('safety.devices.lead')} isNarrow>
      {error && !devices && (
        <Notice tone="warn" actions={<Button onPress={() => void refetch()}>{text('app.retry')}</Button>}>
          {say(error)}
        </Notice>
      )}
      {!devices && !error && <Spinner />}
      {open.length > 0 && (
        <ul className={styles.list}>
          {open.map((device) => (
            <li key={device.deviceId}>
              <Card>
                <OneDevice device={device} onTask={(kind) => setTask({ kind, device })} />
              </Card>
            </li>
          ))}
        </ul>
      )}
      {gone.length > 0 && (
        <>
          <h2>{text('safety.devices.gone')}</h2>
          <ul className={styles.list}>
            {gone.map((device) => (
              <li key={device.deviceId}>
                <GoneDevice device={device} />
              </li>
            ))}
          </ul>
        </>
      )}
      {task?.kind === 'rename' && <RenameDevice device={task.device} onClose={() => setTask(null)} />}
      {task?.kind === 'revoke' && <RevokeDevice device={task.device} onClose={() => setTask(null)} />}
    </Page>
  );
}

function OneDevice({ device, onTask }: { device: DeviceCard; onTask: (kind: 'rename' | 'revoke') => void }) {
  const text = useText();
  const intl = useIntl();
  const name = device.name ?? text('safety.devices.noName');
  const day = (at: number) => intl.formatDate(at, { dateStyle: 'medium' });
  return (
    <div className={styles.item}>
      <MonitorSmartphone aria-hidden="true" />
      <div>
        <div className={styles.name}>
          {name}
          {device.isThis && <span className={styles.badge}>{text('safety.devices.this')}</span>}
        </div>
        <Soft>
          {text('safety.devices.since', { since: day(device.createdAt), seen: day(device.lastSeenAt) })}{' '}
          {device.byRecoveryKey && text('safety.devices.byRecoveryKey')}
        </Soft>
      </div>
      <ActionMenu
        label={text('safety.devices.actions', { name })}
        trigger={
          <IconButton
            label={text('safety.devices.actions', { name })}
            icon={<EllipsisVertical aria-hidden="true" />}
          />
        }
        actions={[
          {
            id: 'rename',
            label: text('safety.devices.rename'),
            icon: <Pencil aria-hidden="true" />,
            onAction: () => onTask('rename'),
          },
          ...(device.isThis
            ? []
            : [
                {
                  id: 'revoke',
                  label: text('safety.devices.revoke'),
                  icon: <LogOut aria-hidden="true" />,
                  isDanger: true,
                  onAction: () => onTask('revoke'),
                },
              ]),
        ]}
      />
    </div>
  );
}

function GoneDevice({ device }: { device: DeviceCard }) {
  const text = useText();
  const intl = useIntl();
  const at = intl.formatDate(device.revokedAt ?? 0, { dateStyle: 'medium' });
  return (
    <Soft>
      {text('safety.devices.goneSince', { name: device.name ?? text('safety.devices.noName'), at })}
    </Soft>
  );
}
