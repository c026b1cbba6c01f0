import { Button, Notice, Row, Stack, TextInput, toast } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** The name by which the family knows this person. */
export function OwnName() {
  const text = useText();
  const say = useErrorText();
  const { data: known, error } = useQuery({
    queryKey: ['family', 'own-name'],
    queryFn: () => ask((engine) => engine.settings.ownName()),
  });
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? known ?? '';
  const save = useMutation({
    mutationFn: () => ask((engine) => engine.family.setOwnName(name)),
    onSuccess: () => toast(text('settings.name.saved')),
  });
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={text('settings.name')}
          hint={text('settings.name.hint')}
          autoComplete="name"
          value={name}
          onChange={setTyped}
          isRequired
        />
        {(save.error ?? error) && (
          <Notice tone={save.error ? 'danger' : 'warn'}>{say(save.error ?? error)}</Notice>
        )}
        <Row>
          <Button type="submit" isPending={save.isPending} isDisabled={name.trim() === '' || name === known}>
            {text('settings.save')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
