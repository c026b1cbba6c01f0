import type { Authenticator } from '@heirloom/client';
import { QrCode, Soft } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

/** Hands a secret to an authenticator: to be scanned, or to be typed. */
export function AuthenticatorSecret({ authenticator }: { authenticator: Authenticator }) {
  const text = useText();
  return (
    <>
      <QrCode value={authenticator.uri} label={text('session.authenticator.code')} />
      <Soft>{text('session.authenticator.text')}</Soft>
      <code className="id" dir="ltr" data-secret>
        {authenticator.text.match(/.{1,4}/g)?.join(' ')}
      </code>
    </>
  );
}
