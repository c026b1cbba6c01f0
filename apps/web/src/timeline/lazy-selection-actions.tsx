import { lazy, Suspense } from 'react';
import { withLateTexts } from '../i18n/late-texts.ts';
import type { SelectionActionsProps } from './selection-actions.tsx';

const Actions = lazy(
  withLateTexts(async () => ({ default: (await import('./selection-actions.tsx')).SelectionActions })),
);

/** What can be done with photos that were selected, loaded with the first selection. */
export function SelectionActions(props: SelectionActionsProps) {
  return (
    <Suspense>
      <Actions {...props} />
    </Suspense>
  );
}
