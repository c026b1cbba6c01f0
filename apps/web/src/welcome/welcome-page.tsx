import { ButtonLink, Stack } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';

/** The first thing that somebody sees who is not signed in. */
export function WelcomePage() {
  const text = useText();
  return (
    <PlainPage>
      <Stack>
        <h1 tabIndex={-1}>{text('welcome.title')}</h1>
        <p>{text('welcome.text')}</p>
        <ButtonLink kind="primary" href="/sign-up">
          {text('welcome.begin')}
        </ButtonLink>
        <ButtonLink href="/sign-in">{text('welcome.signIn')}</ButtonLink>
      </Stack>
    </PlainPage>
  );
}
