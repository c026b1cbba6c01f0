import { Button, ButtonLink, Card, Notice, Soft, Spinner, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { deviceNameOf } from './device-name.ts';
import { SignUpSteps, type Newcomer } from './sign-up-steps.tsx';
import { useTerms } from './use-terms.ts';

/** Makes the vault: an account with its keys and its recovery key. */
export function SignUpPage() {
  const text = useText();
  const terms = useTerms();
  return (
    <PlainPage>
      <h1 tabIndex={-1}>{text('session.signUp.title')}</h1>
      <Card>
        {terms.data && terms.data.registration !== 'closed' && (
          <Steps
            needsCode={terms.data.registration === 'invitation'}
            passwordMinCharacters={terms.data.passwordMinCharacters}
          />
        )}
        {terms.data?.registration === 'closed' && <Closed />}
        {terms.isPending && <Spinner />}
        {terms.error && <Unreachable error={terms.error} retry={() => void terms.refetch()} />}
      </Card>
      <Soft>
        <Link to="/sign-in">{text('session.toSignIn')}</Link>
      </Soft>
    </PlainPage>
  );
}

function Steps(terms: { needsCode: boolean; passwordMinCharacters: number }) {
  const text = useText();
  const navigate = useNavigate();
  const signUp = useMutation({
    mutationFn: ({ invitation, ...person }: Newcomer) => {
      const deviceName = deviceNameOf(navigator.userAgent);
      const code = terms.needsCode ? { invitation: invitation.trim() } : {};
      return ask((engine) => engine.session.signUp({ ...person, ...code, deviceName }));
    },
    onSuccess: () => navigate({ to: '/recovery-key', replace: true }),
  });
  return (
    <SignUpSteps
      {...terms}
      submitLabel={text('session.signUp.do')}
      isPending={signUp.isPending}
      error={signUp.error}
      onDone={(person) => signUp.mutate(person)}
      signIn={<ButtonLink href="/sign-in">{text('session.signInInstead')}</ButtonLink>}
    />
  );
}

function Closed() {
  const text = useText();
  return (
    <Stack>
      <Notice>{text('session.closed')}</Notice>
      <p>{text('session.closed.next')}</p>
      <ButtonLink href="/sign-in">{text('session.toSignIn')}</ButtonLink>
    </Stack>
  );
}

function Unreachable({ error, retry }: { error: unknown; retry: () => void }) {
  const text = useText();
  const say = useErrorText();
  return (
    <Notice tone="danger" actions={<Button onPress={retry}>{text('app.retry')}</Button>}>
      {say(error)}
    </Notice>
  );
}
