import { Button, Dialog, Notice, TextInput, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { DeviceCard } from './devices-engine.ts';

interface Props {
  device: DeviceCard;
  onClose: () => void;
}

const formId = 'rename-device';

export function RenameDevice({ device, onClose }: Props) {
  const text = useText();
  const say = useErrorText();
  const [name, setName] = useState(device.name ?? '');
  const rename = useMutation({
    mutationFn: () => ask((engine) => engine.devices.rename(device.deviceId, name.trim())),
    onSuccess: onClose,
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('safety.devices.rename')}
      actions={
        <>
          <Button onPress={onClose}>{text('safety.cancel')}</Button>
          <Button
            kind="primary"
            isPending={rename.isPending}
            isDisabled={name.trim() === ''}
            onPress={() => rename.mutate()}
          >
            {text('safety.save')}
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') rename.mutate();
        }}
      >
        <TextInput
          label={text('safety.devices.name')}
          value={name}
          onChange={setName}
          maxLength={60}
          autoFocus
        />
      </Form>
      {rename.error && <Notice tone="danger">{say(rename.error)}</Notice>}
    </Dialog>
  );
}

export function RevokeDevice({ device, onClose }: Props) {
  const text = useText();
  const name = device.name ?? text('safety.devices.noName');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={text('safety.devices.revokeTitle', { name })}
      action={text('safety.devices.revoke')}
      cancel={text('safety.cancel')}
      confirm={async () => {
        await ask((engine) => engine.devices.revoke(device.deviceId));
        toast(text('safety.devices.revoked', { name }));
      }}
    >
      <p>{text('safety.devices.revokeText')}</p>
    </ConfirmDialog>
  );
}
