import { Button, Dialog, Notice, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Person } from './family-engine.ts';

/** Changes what the family calls this person. */
export function NameDialog({
  person,
  isOpen,
  onClose,
}: {
  person: Person;
  isOpen: boolean;
  onClose: () => void;
}) {
  const text = useText();
  const say = useErrorText();
  const [name, setName] = useState(person.name ?? '');
  const rename = useMutation({
    mutationFn: () => ask((engine) => engine.family.setOwnName(name)),
    onSuccess: onClose,
  });
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('family.rename')}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Stack>
          {rename.error && <Notice tone="danger">{say(rename.error)}</Notice>}
          <TextInput
            label={text('session.name')}
            hint={text('session.name.hint')}
            value={name}
            onChange={setName}
            isRequired
            autoFocus
            maxLength={200}
            autoComplete="name"
          />
          <Button type="submit" kind="primary" isPending={rename.isPending}>
            {text('family.save')}
          </Button>
          <Button kind="quiet" onPress={onClose}>
            {text('family.cancel')}
          </Button>
        </Stack>
      </Form>
    </Dialog>
  );
}
