import type { Authenticator } from '@heirloom/client';
import { Button, Notice, QrCode, Soft, Stack } from '@heirloom/ui';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { CodeField } from './code-field.tsx';

/** Hands the secret to an authenticator, and asks for a code that shows that it arrived. */
export function AuthenticatorStep({
  authenticator: { uri, text: secretText },
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
        onCode(code.replaceAll(/\s/g, ''));
      }}
    >
      <Stack>
        <h2>{text('session.authenticator.title')}</h2>
        <p>{text('session.authenticator.lead')}</p>
        <QrCode value={uri} label={text('session.authenticator.code')} />
        <Soft>{text('session.authenticator.text')}</Soft>
        <code className="id" dir="ltr" data-secret>
          {secretText.match(/.{1,4}/g)?.join(' ')}
        </code>
        <CodeField value={code} onChange={setCode} autoFocus />
        {error !== null && <Notice tone="danger">{say(error)}</Notice>}
        <Button kind="primary" type="submit" isPending={isPending}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
