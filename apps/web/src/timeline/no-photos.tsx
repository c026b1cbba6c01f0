import { ButtonLink, EmptyState } from '@heirloom/ui';
import { Images } from 'lucide-react';
import { useText } from '../i18n/use-text.ts';
import { OnceKnown } from './once-known.tsx';

/** A library without photos, and the way to the first ones. */
export function NoPhotos() {
  const text = useText();
  return (
    <OnceKnown>
      <EmptyState
        icon={<Images aria-hidden="true" />}
        title={text('timeline.empty.title')}
        actions={
          <ButtonLink kind="primary" href="/uploads">
            {text('timeline.empty.add')}
          </ButtonLink>
        }
      >
        {text('timeline.empty.text')}
      </EmptyState>
    </OnceKnown>
  );
}
