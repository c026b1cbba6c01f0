import { Button, ButtonLink, Card, EmailInput, Notice, PasswordInput, Soft, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { CodeField, plainCode } from './code-field.tsx';
import { session } from './staff-session.ts';
import { idleMinutes } from './use-idle-end.ts';
import { useSession } from './use-session.ts';

/** By e-mail address, password and the code of the moment. */
export function SignInPage() {
  const text = useText();
  const say = useErrorText();
  const state = useSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const signing = useMutation({
    mutationFn: () => session.signIn({ email, password, code: plainCode(code) }),
    // Each code is good once.
    onError: () => setCode(''),
  });
  const why = state.kind === 'out' ? state.why : null;
  return (
    <Stack>
      <h1 tabIndex={-1}>{text('session.signIn.title')}</h1>
      <Soft>{text('session.signIn.lead')}</Soft>
      {why && !signing.error && <Notice>{text(`session.ended.${why}`, { minutes: idleMinutes })}</Notice>}
      <Card>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signing.mutate();
          }}
        >
          <Stack>
            <EmailInput label={text('session.email')} autoFocus value={email} onChange={setEmail} />
            <PasswordInput
              label={text('session.password')}
              showLabel={text('session.password.show')}
              hideCharactersLabel={text('session.password.hide')}
              autoComplete="current-password"
              isRequired
              value={password}
              onChange={setPassword}
            />
            <CodeField value={code} onChange={setCode} />
            {signing.error && <Notice tone="danger">{say(signing.error)}</Notice>}
            <Button kind="primary" type="submit" isPending={signing.isPending}>
              {text('session.signIn.action')}
            </Button>
          </Stack>
        </form>
      </Card>
      <ButtonLink kind="quiet" href="/set-up">
        {text('session.signIn.setUp')}
      </ButtonLink>
    </Stack>
  );
}
