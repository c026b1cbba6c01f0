import type { Authenticator } from '@heirloom/client';
import { Button, Notice, Stack } from '@heirloom/ui';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { AuthenticatorSecret } from './authenticator-secret.tsx';
import { CodeField, plainCode } from './code-field.tsx';

/** Hands the secret to an authenticator, and asks for a code that shows that it arrived. */
export function AuthenticatorStep({
  authenticator,
  action,
  isPending,
  error,
  onCode,
}: {
  authenticator: Authenticator;
  action: string;
  isPending: boolean;
  error: unknown;
  onCode: (code: string) => void;
}) {
  const text = useText();
  const say = useErrorText();
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCode(plainCode(code));
      }}
    >
      <Stack>
        <h2>{text('session.authenticator.title')}</h2>
        <p>{text('session.authenticator.lead')}</p>
        <AuthenticatorSecret authenticator={authenticator} />
        <CodeField value={code} onChange={setCode} autoFocus />
        {error !== null && <Notice tone="danger">{say(error)}</Notice>}
        <Button kind="primary" type="submit" isPending={isPending}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
