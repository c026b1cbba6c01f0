import { Button, Notice, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { deviceNameOf } from './device-name.ts';
import { EmailField } from './email-field.tsx';
import { PasswordField } from './password-field.tsx';

/** Signs this browser in to an account that exists. Whoever shows it sees by the session that it is done. */
export function SignInForm() {
  const text = useText();
  const say = useErrorText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const deviceName = deviceNameOf(navigator.userAgent);
  const signIn = useMutation({
    mutationFn: () => ask((engine) => engine.session.logIn({ email: email.trim(), password, deviceName })),
  });
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack>
        {signIn.error && <Notice tone="danger">{say(signIn.error)}</Notice>}
        <EmailField value={email} onChange={setEmail} />
        <PasswordField value={password} onChange={setPassword} />
        <Button type="submit" kind="primary" isPending={signIn.isPending}>
          {text('session.signIn.do')}
        </Button>
      </Stack>
    </Form>
  );
}
