import { ButtonLink, EmptyState } from '@heirloom/ui';
import { MapPinOff } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';

/** An address that leads nowhere, or to something that this person may not see. */
export function MissingPage() {
  const text = useText();
  return (
    <EmptyState
      isPage
      icon={<MapPinOff aria-hidden="true" />}
      title={text('app.missing.title')}
      actions={
        <ButtonLink kind="primary" href="/">
          {text('app.missing.home')}
        </ButtonLink>
      }
    >
      {text('app.missing.text')}
    </EmptyState>
  );
}
