import { checkSetupToken, newAuthenticator, readAuthenticator } from '@heirloom/client';
import { limits } from '@heirloom/contracts';
import {
  Button,
  ButtonLink,
  Card,
  Notice,
  PasswordInput,
  QrCode,
  Soft,
  Stack,
  TextInput,
} from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { CodeInput, digitsOf } from './code-input.tsx';
import { session } from './staff-session.ts';

/** A token in the link's fragment, which no server sees. */
const tokenOfLink = (): string => window.location.hash.slice(1);

/** Makes an account for somebody of the staff, by a token that is good once. */
export function SetUpPage() {
  const text = useText();
  const say = useErrorText();
  const [token, setToken] = useState(tokenOfLink);
  const setupToken = token.trim();
  // Nobody should think of a password for a token that is refused.
  const checking = useMutation({ mutationFn: () => checkSetupToken(window.location.origin, setupToken) });
  return (
    <Stack>
      <h1 tabIndex={-1}>{text('session.setUp.title')}</h1>
      <Soft>{text('session.setUp.lead')}</Soft>
      <Card>
        {checking.isSuccess ? (
          <NewAccount setupToken={setupToken} />
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              checking.mutate();
            }}
          >
            <Stack>
              <TextInput
                label={text('session.setUp.token')}
                value={token}
                onChange={setToken}
                autoComplete="off"
                dir="ltr"
                spellCheck="false"
                autoCapitalize="none"
                autoFocus
                isRequired
              />
              {checking.error && <Notice tone="danger">{say(checking.error)}</Notice>}
              <Button kind="primary" type="submit" isPending={checking.isPending}>
                {text('session.setUp.check')}
              </Button>
            </Stack>
          </form>
        )}
      </Card>
      <ButtonLink kind="quiet" href="/sign-in">
        {text('session.setUp.signIn')}
      </ButtonLink>
    </Stack>
  );
}

function NewAccount({ setupToken }: { setupToken: string }) {
  const text = useText();
  const say = useErrorText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== password;
  const [secretText] = useState(() => newAuthenticator('').text);
  const [code, setCode] = useState('');
  const authenticator = readAuthenticator(secretText, email);
  const making = useMutation({
    mutationFn: () =>
      session.setUp({
        email,
        password,
        setupToken,
        authenticator: { secret: authenticator.secret, code: digitsOf(code) },
      }),
    onError: () => setCode(''),
  });
  const secret = {
    showLabel: text('session.password.show'),
    hideCharactersLabel: text('session.password.hide'),
    autoComplete: 'new-password',
    isRequired: true,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (again === password) making.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={text('session.email')}
          type="email"
          autoComplete="username"
          dir="ltr"
          autoFocus
          isRequired
          value={email}
          onChange={setEmail}
        />
        <PasswordInput
          {...secret}
          label={text('session.password')}
          hint={text('session.password.hint', { characters: limits.passwordMinCharacters })}
          value={password}
          onChange={setPassword}
        />
        <PasswordInput
          {...secret}
          label={text('session.password.again')}
          error={differs ? text('session.password.differs') : null}
          value={again}
          onChange={setAgain}
        />
        <Soft>{text('session.setUp.authenticator')}</Soft>
        <QrCode value={authenticator.uri} label={text('session.setUp.qr')} />
        <Soft>
          {text('session.setUp.secret')} <code dir="ltr">{secretText.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
        </Soft>
        <CodeInput code={code} onChange={setCode} />
        {making.error && <Notice tone="danger">{say(making.error)}</Notice>}
        <Button kind="primary" type="submit" isPending={making.isPending} isDisabled={differs}>
          {text('session.setUp.action')}
        </Button>
      </Stack>
    </form>
  );
}
