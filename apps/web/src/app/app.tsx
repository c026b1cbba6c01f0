import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { RouterProvider as AriaRouter } from 'react-aria-components';
import { openChanges } from '../engine/topics.ts';
import { registerServiceWorker } from './register-service-worker.ts';
import { PreferencesProvider } from './preferences-context.tsx';
import { queries } from './queries.ts';
import { router } from './router.tsx';

const ToastPlace = lazy(async () => ({ default: (await import('./toast-place.tsx')).ToastPlace }));

/** Asks again for what changed, in this tab or another. */
function useChanges(): void {
  useEffect(
    () =>
      openChanges().listen((topics) => {
        for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] });
        if (topics.includes('session')) void router.invalidate();
      }),
    [],
  );
}

function Surroundings() {
  useChanges();
  useEffect(registerServiceWorker, []);
  return (
    <AriaRouter navigate={(href) => void router.navigate({ href })} useHref={(href) => href}>
      <RouterProvider router={router} />
      <Suspense>
        <ToastPlace />
      </Suspense>
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
