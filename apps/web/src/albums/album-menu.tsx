import { ActionMenu, IconButton } from '@heirloom/ui';
import { useNavigate } from '@tanstack/react-router';
import { Download, EllipsisVertical, LogOut, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import { useSavePhotos } from '../downloads/use-save-photos.ts';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import type { AlbumCard } from './album-types.ts';
import { NameDialog } from './name-dialog.tsx';

type Open = 'rename' | 'leave' | 'delete' | null;

/** What else can be done with an album: saving it, another name, giving it up, ending it. @param title - as it is shown */
export function AlbumMenu({ album, title }: { album: AlbumCard; title: string }) {
  const text = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { albumId, name, role, isVault, isShared, problem } = album;
  const isManager = role === 'manager';
  const { saveAlbum } = useSavePhotos();
  const end = (work: () => Promise<void>) => async () => {
    await work();
    await navigate({ to: '/albums' });
  };
  return (
    <>
      <ActionMenu
        label={text('albums.menu')}
        trigger={
          <IconButton label={text('albums.menu')} icon={<EllipsisVertical aria-hidden="true" />} hasPopup />
        }
        actions={[
          {
            id: 'save',
            label: text('downloads.saveAlbum'),
            icon: <Download aria-hidden="true" />,
            isDisabled: album.photos === 0 || problem === 'key-missing',
            onAction: () => saveAlbum(albumId, title),
          },
          ...(isManager && !isVault
            ? [
                {
                  id: 'rename',
                  label: text('albums.rename'),
                  icon: <Pencil aria-hidden="true" />,
                  isDisabled: problem === 'key-missing',
                  onAction: () => setOpen('rename'),
                },
              ]
            : []),
          ...(isShared && !isVault
            ? [
                {
                  id: 'leave',
                  label: text('albums.leave'),
                  icon: <LogOut aria-hidden="true" />,
                  onAction: () => setOpen('leave'),
                },
              ]
            : []),
          ...(isManager && !isVault
            ? [
                {
                  id: 'delete',
                  label: text('albums.delete'),
                  icon: <Trash2 aria-hidden="true" />,
                  isDanger: true,
                  onAction: () => setOpen('delete'),
                },
              ]
            : []),
        ]}
      />
      <NameDialog
        isOpen={open === 'rename'}
        onClose={close}
        title={text('albums.rename')}
        action={text('albums.save')}
        present={name}
        save={(typed) => ask((engine) => engine.albums.rename(albumId, typed))}
      />
      <ConfirmDialog
        isOpen={open === 'leave'}
        onClose={close}
        title={text('albums.leave.title', { name })}
        cancel={text('albums.cancel')}
        action={text('albums.leave')}
        confirm={end(() => ask((engine) => engine.albums.leave(albumId)))}
      >
        <p>{text('albums.leave.text')}</p>
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={open === 'delete'}
        onClose={close}
        title={text('albums.delete.title', { name })}
        cancel={text('albums.cancel')}
        action={text('albums.delete')}
        confirm={end(() => ask((engine) => engine.albums.delete(albumId)))}
      >
        <p>{text('albums.delete.text')}</p>
      </ConfirmDialog>
    </>
  );
}
