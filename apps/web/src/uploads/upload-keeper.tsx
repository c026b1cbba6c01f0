import { toast } from '@heirloom/ui';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { ImagePlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLeaveWarning } from '../app/leaving.ts';
import { useWakeLock } from '../app/use-wake-lock.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { addFiles } from './add-files.ts';
import { filesOfDrop, takeSharedFiles } from './collect-files.ts';
import styles from './uploads.module.css';
import { useLiveUploads, useUploadOverview } from './use-uploads.ts';

/** Wherever somebody is in the app: takes files that are dropped or shared, and keeps the device awake while it sends. */
export function UploadKeeper() {
  useShared();
  useWakeLock(useLiveUploads().phase === 'running');
  useLeaveWarning((useUploadOverview()?.loose ?? 0) > 0);
  return <DropZone />;
}

/** The album that a drop goes to: the one that is looked at, or that was chosen for uploads. */
const useDropAlbum = (): string | null =>
  useRouterState({
    select: ({ location: { pathname, search } }) => {
      const [, place, id] = pathname.split('/');
      if (place === 'albums' && id) return id;
      return place === 'uploads' ? (search.album ?? null) : null;
    },
  });

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

function DropZone() {
  const text = useText();
  const say = useErrorText();
  const router = useRouter();
  const album = useDropAlbum();
  const [depth, setDepth] = useState(0);
  useEffect(() => {
    const enter = (event: DragEvent) => hasFiles(event) && setDepth((before) => before + 1);
    const leave = (event: DragEvent) => hasFiles(event) && setDepth((before) => Math.max(0, before - 1));
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setDepth(0);
      filesOfDrop(event.dataTransfer)
        .then(async (files) => {
          if (files.length === 0) return toast(text('uploads.drop.empty'));
          await addFiles(files, album);
          await router.navigate({ to: '/uploads', search: album ? { album } : {} });
        })
        .catch((error: unknown) => toast(say(error)));
    };
    const events = { dragenter: enter, dragleave: leave, dragover: over, drop } as const;
    for (const [name, hear] of Object.entries(events)) window.addEventListener(name, hear as EventListener);
    return () => {
      for (const [name, hear] of Object.entries(events))
        window.removeEventListener(name, hear as EventListener);
    };
  }, [album, router, say, text]);
  if (depth === 0) return null;
  return (
    <div className={styles.drop} aria-hidden="true">
      <div>
        <ImagePlus />
        <strong>{text('uploads.drop.title')}</strong>
        <span>{text(album ? 'uploads.drop.album' : 'uploads.drop.text')}</span>
      </div>
    </div>
  );
}

/** What another app shared waits in a cache; the service worker has led the person to the uploads. */
function useShared(): void {
  useEffect(() => {
    void takeSharedFiles((files) => addFiles(files, null));
  }, []);
}
