import { Button, Card, Notice, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { isolate } from '../app/isolate.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { PasswordField } from './password-field.tsx';
import { WhosePassword } from './whose-password.tsx';

/** Stands in place of every page while keys are locked. */
export function LockScreen({ email }: { email: string }) {
  const text = useText();
  const say = useErrorText();
  const [password, setPassword] = useState('');
  const unlock = useMutation({ mutationFn: () => ask((engine) => engine.session.unlock(password)) });
  const leave = useMutation({ mutationFn: () => ask((engine) => engine.session.logOut()) });
  return (
    <PlainPage>
      <Card>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            unlock.mutate();
          }}
        >
          <Stack>
            <h1 tabIndex={-1}>{text('session.locked.title')}</h1>
            <p>{text('session.locked.text', { email: isolate(email) })}</p>
            {unlock.error && <Notice tone="danger">{say(unlock.error)}</Notice>}
            <WhosePassword />
            <PasswordField value={password} onChange={setPassword} autoFocus />
            <Button type="submit" kind="primary" isPending={unlock.isPending}>
              {text('session.unlock')}
            </Button>
            <Button kind="quiet" isPending={leave.isPending} onPress={() => leave.mutate()}>
              {text('session.signOut')}
            </Button>
          </Stack>
        </Form>
      </Card>
    </PlainPage>
  );
}
