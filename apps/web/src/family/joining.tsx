import { Button, Card, Notice, Spinner, Stack, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { deviceNameOf } from '../session/device-name.ts';
import { SignUpSteps, type Newcomer } from '../session/sign-up-steps.tsx';
import { useTerms } from '../session/use-terms.ts';
import type { Joiner } from './joining-engine.ts';

interface JoiningProps {
  link: string;
  drop: () => void;
}

/** Makes an account that begins in the family. No server is closed to whoever holds an invite. */
export function JoinAsNewcomer({ link, drop, onError }: JoiningProps & { onError: () => void }) {
  const text = useText();
  const navigate = useNavigate();
  const terms = useTerms();
  const join = useMutation({
    mutationFn: ({ name, email, password }: Newcomer) => {
      const person = { name, email, password, deviceName: deviceNameOf(navigator.userAgent) };
      return ask((engine) => engine.family.signUpAndJoin(link, person));
    },
    onSuccess: async () => {
      await navigate({ to: '/recovery-key', replace: true });
      drop();
      toast(text('family.join.done'));
    },
    onError,
  });
  if (terms.isPending) return <Spinner />;
  return (
    <SignUpSteps
      needsCode={false}
      passwordMinCharacters={terms.data?.passwordMinCharacters ?? 10}
      submitLabel={text('family.join.do')}
      isPending={join.isPending}
      error={join.error}
      onDone={(person) => join.mutate(person)}
      signIn={<p>{text('family.join.hasAccount')}</p>}
    />
  );
}

/** Joins with the account that is signed in here. */
export function JoinAsYourself({
  link,
  joiner: { email, name },
  drop,
}: JoiningProps & { joiner: Extract<Joiner, { kind: 'alone' }> }) {
  const text = useText();
  const say = useErrorText();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: () => ask((engine) => engine.family.join(link)),
    onSuccess: async () => {
      await navigate({ to: '/family', replace: true });
      drop();
      toast(text('family.join.done'));
    },
  });
  return (
    <Card>
      <Stack>
        <p>{text('family.join.asYou', { person: isolate(name ?? email) })}</p>
        <p>{text('family.join.yours')}</p>
        {join.error && <Notice tone="danger">{say(join.error)}</Notice>}
        <Button kind="primary" isPending={join.isPending} onPress={() => join.mutate()}>
          {text('family.join.do')}
        </Button>
      </Stack>
    </Card>
  );
}
