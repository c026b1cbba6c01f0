import { Button, Card, Notice, PasswordInput, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { deviceNameOf } from './device-name.ts';

/** Makes the vault: an account with its keys, and a family of one. */
export function SignUpPage() {
  const text = useText();
  const say = useErrorText();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const deviceName = deviceNameOf(navigator.userAgent);
  const signUp = useMutation({
    mutationFn: () => ask((engine) => engine.session.signUp({ name, email, password, deviceName })),
  });
  return (
    <PlainPage>
      <Card>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            signUp.mutate();
          }}
        >
          <Stack>
            <h1 tabIndex={-1}>{text('session.signUp.title')}</h1>
            {signUp.error && <Notice tone="danger">{say(signUp.error)}</Notice>}
            <TextInput
              label={text('session.name')}
              autoComplete="name"
              value={name}
              onChange={setName}
              isRequired
            />
            <TextInput
              label={text('session.email')}
              type="email"
              autoComplete="username"
              value={email}
              onChange={setEmail}
              isRequired
              dir="ltr"
            />
            <PasswordInput
              label={text('session.password')}
              showLabel={text('session.password.show')}
              hideCharactersLabel={text('session.password.hide')}
              autoComplete="new-password"
              value={password}
              onChange={setPassword}
              isRequired
            />
            <Button type="submit" kind="primary" isPending={signUp.isPending}>
              {text('session.signUp.do')}
            </Button>
          </Stack>
        </Form>
      </Card>
      <Link to="/sign-in">{text('session.toSignIn')}</Link>
    </PlainPage>
  );
}
