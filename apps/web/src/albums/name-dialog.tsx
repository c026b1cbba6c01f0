import { Button, Dialog, Notice, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

export interface NameDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  action: string;
  present?: string;
  save: (name: string) => Promise<void>;
}

/** Asks for the name of an album. */
export function NameDialog({ isOpen, ...rest }: NameDialogProps) {
  const text = useText();
  return (
    <Dialog isOpen={isOpen} onClose={rest.onClose} title={rest.title}>
      {isOpen && <NameForm {...rest} cancel={text('albums.cancel')} label={text('albums.name')} />}
    </Dialog>
  );
}

function NameForm({
  onClose,
  action,
  present = '',
  save,
  cancel,
  label,
}: Omit<NameDialogProps, 'isOpen'> & { cancel: string; label: string }) {
  const say = useErrorText();
  const [name, setName] = useState(present);
  const saving = useMutation({ mutationFn: save, onSuccess: onClose });
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(name);
      }}
    >
      <Stack>
        {saving.error && <Notice tone="danger">{say(saving.error)}</Notice>}
        <TextInput
          label={label}
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          maxLength={200}
          dir="auto"
          autoComplete="off"
        />
        <DialogActions>
          <Button onPress={onClose}>{cancel}</Button>
          <Button kind="primary" type="submit" isPending={saving.isPending}>
            {action}
          </Button>
        </DialogActions>
      </Stack>
    </Form>
  );
}

const DialogActions = ({ children }: { children: React.ReactNode }) => (
  <div style={{ display: 'flex', flexWrap: 'wrap', gap: '8px', justifyContent: 'flex-end' }}>{children}</div>
);
