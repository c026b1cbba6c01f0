import { toast, Toasts } from '@heirloom/ui';
import { useEffect } from 'react';
import { onEngineLost } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { queries } from './queries.ts';
import { router } from './router.tsx';
import { watchReleases } from './watch-releases.ts';

/** Where messages in passing appear, and those of the app itself. Loaded after the first screen is drawn. */
export function ToastPlace() {
  const text = useText();
  useEffect(
    () =>
      watchReleases((begin) => {
        toast(text('app.release'), { label: text('app.reload'), onAction: begin }, { stays: true });
      }),
    [text],
  );
  useEffect(
    () =>
      onEngineLost(() => {
        // All that pages show came from what is gone.
        queries.clear();
        void router.invalidate();
        toast(text('app.cleared'), undefined, { stays: true });
      }),
    [text],
  );
  return <Toasts label={text('app.toasts')} closeLabel={text('app.close')} />;
}
