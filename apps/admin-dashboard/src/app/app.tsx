import { Toasts } from '@heirloom/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { RouterProvider as AriaRouter } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { session } from '../session/staff-session.ts';
import { PreferencesProvider } from './preferences-context.tsx';
import { queries } from './queries.ts';
import { base } from './base.ts';
import { router } from './router.tsx';

/** Whoever is signed out sees nothing of what was asked for before. */
function useSessionEnd(): void {
  useEffect(
    () =>
      session.listen(() => {
        if (session.get().kind === 'out') queries.clear();
        void router.invalidate();
      }),
    [],
  );
}

function Surroundings() {
  const text = useText();
  useSessionEnd();
  return (
    <AriaRouter navigate={(href) => void router.navigate({ href })} useHref={(href) => `${base}${href}`}>
      <RouterProvider router={router} />
      <Toasts label={text('app.toasts')} closeLabel={text('app.close')} />
    </AriaRouter>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <PreferencesProvider>
        <Surroundings />
      </PreferencesProvider>
    </QueryClientProvider>
  );
}
