import { checkSetupToken, newAuthenticator, readAuthenticator } from '@heirloom/client';
import { Button, ButtonLink, Card, Notice, Soft, Stack, TextInput } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { AuthenticatorStep } from './authenticator-step.tsx';
import { PasswordStep, type Chosen } from './password-step.tsx';
import { session } from './staff-session.ts';

/** A token in the link's fragment, which no server sees. */
const tokenOfLink = (): string => window.location.hash.slice(1);

/** Makes an account for somebody of the staff, by a token that is good once. */
export function SetUpPage() {
  const text = useText();
  const [token, setToken] = useState(tokenOfLink);
  const setupToken = token.trim();
  // Nobody should think of a password for a token that is refused.
  const checking = useMutation({ mutationFn: () => checkSetupToken(window.location.origin, setupToken) });
  return (
    <Stack>
      <h1 tabIndex={-1}>{text('session.setUp.title')}</h1>
      <Soft>{text(checking.data ? `session.setUp.role.${checking.data}` : 'session.setUp.lead')}</Soft>
      <Card>
        {checking.isSuccess ? (
          <Steps setupToken={setupToken} />
        ) : (
          <TokenStep token={token} onChange={setToken} checking={checking} />
        )}
      </Card>
      <ButtonLink kind="quiet" href="/sign-in">
        {text('session.setUp.signIn')}
      </ButtonLink>
    </Stack>
  );
}

function TokenStep({
  token,
  onChange,
  checking,
}: {
  token: string;
  onChange: (token: string) => void;
  checking: { mutate: () => void; isPending: boolean; error: unknown };
}) {
  const text = useText();
  const say = useErrorText();
  return (
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
          onChange={onChange}
          autoComplete="off"
          dir="ltr"
          spellCheck="false"
          autoCapitalize="none"
          autoFocus
          isRequired
        />
        {checking.error !== null && <Notice tone="danger">{say(checking.error)}</Notice>}
        <Button kind="primary" type="submit" isPending={checking.isPending}>
          {text('session.setUp.check')}
        </Button>
      </Stack>
    </form>
  );
}

/** A password first, then an authenticator for it. */
function Steps({ setupToken }: { setupToken: string }) {
  const text = useText();
  const [chosen, choose] = useState<Chosen>({ email: '', password: '' });
  // Whoever goes back and comes again has scanned it already.
  const [secretText] = useState(() => newAuthenticator('').text);
  const [isScanning, scan] = useState(false);
  const authenticator = readAuthenticator(secretText, chosen.email);
  const making = useMutation({
    mutationFn: (code: string) =>
      session.setUp({ ...chosen, setupToken, authenticator: { secret: authenticator.secret, code } }),
  });
  if (!isScanning)
    return (
      <PasswordStep
        chosen={chosen}
        onChoose={(next) => {
          choose(next);
          scan(true);
        }}
      />
    );
  return (
    <Stack>
      <AuthenticatorStep
        authenticator={authenticator}
        action={text('session.setUp.action')}
        isPending={making.isPending}
        error={making.error}
        onCode={(code) => making.mutate(code)}
      />
      <Button kind="quiet" onPress={() => scan(false)} isDisabled={making.isPending}>
        {text('session.setUp.back')}
      </Button>
    </Stack>
  );
}
