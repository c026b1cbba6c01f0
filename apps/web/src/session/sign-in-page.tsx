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

/** Signs this browser in to an account that exists. The router leads on, once somebody is signed in. */
export function SignInPage() {
  const text = useText();
  const say = useErrorText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const deviceName = deviceNameOf(navigator.userAgent);
  const signIn = useMutation({
    mutationFn: () => ask((engine) => engine.session.logIn({ email, password, deviceName })),
  });
  return (
    <PlainPage>
      <Card>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate();
          }}
        >
          <Stack>
            <h1 tabIndex={-1}>{text('session.signIn.title')}</h1>
            {signIn.error && <Notice tone="danger">{say(signIn.error)}</Notice>}
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
              autoComplete="current-password"
              value={password}
              onChange={setPassword}
              isRequired
            />
            <Button type="submit" kind="primary" isPending={signIn.isPending}>
              {text('session.signIn.do')}
            </Button>
          </Stack>
        </Form>
      </Card>
      <Link to="/sign-up">{text('session.toSignUp')}</Link>
    </PlainPage>
  );
}
