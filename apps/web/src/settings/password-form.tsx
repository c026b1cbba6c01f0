import { Button, Notice, PasswordInput, Row, Soft, Stack, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { WhosePassword } from '../session/whose-password.tsx';

/** Changes the password, here and at the server. */
export function PasswordForm() {
  const text = useText();
  const say = useErrorText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => ask((engine) => engine.settings.changePassword(current, next)),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      toast(text('settings.password.changed'));
    },
  });
  const shown = {
    showLabel: text('settings.password.show'),
    hideCharactersLabel: text('settings.password.hide'),
  };
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack>
        <WhosePassword />
        <PasswordInput
          {...shown}
          label={text('settings.password.current')}
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
          isRequired
        />
        <PasswordInput
          {...shown}
          label={text('settings.password.next')}
          autoComplete="new-password"
          value={next}
          onChange={setNext}
          isRequired
        />
        {change.error && <Notice tone="danger">{say(change.error)}</Notice>}
        <Soft>{text('settings.password.hint')}</Soft>
        <Row>
          <Button type="submit" isPending={change.isPending} isDisabled={current === '' || next === ''}>
            {text('settings.password.do')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
