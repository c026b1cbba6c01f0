import { Card, Soft } from '@heirloom/ui';
import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** For somebody with an account. The router leads on, once they are signed in. */
export function SignInPage() {
  const text = useText();
  return (
    <PlainPage>
      <h1 tabIndex={-1}>{text('session.signIn.title')}</h1>
      <Card>
        <SignInForm />
      </Card>
      <Soft>
        <Link to="/recover">{text('session.forgot')}</Link>
      </Soft>
      <Soft>
        <Link to="/sign-up">{text('session.toSignUp')}</Link>
      </Soft>
    </PlainPage>
  );
}
