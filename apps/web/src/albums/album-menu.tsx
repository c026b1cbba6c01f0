import { ActionMenu, IconButton } from '@heirloom/ui';
import { useNavigate } from '@tanstack/react-router';
import { EllipsisVertical, LogOut, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import type { AlbumCard } from './album-types.ts';
import { NameDialog } from './name-dialog.tsx';

type Open = 'rename' | 'leave' | 'delete' | null;

/** What else can be done with an album: another name, giving it up, ending it. */
export function AlbumMenu({ album }: { album: AlbumCard }) {
  const text = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { albumId, name, role, isShared, problem } = album;
  const isManager = role === 'manager';
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
          ...(isManager
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
          ...(isShared
            ? [
                {
                  id: 'leave',
                  label: text('albums.leave'),
                  icon: <LogOut aria-hidden="true" />,
                  onAction: () => setOpen('leave'),
                },
              ]
            : []),
          ...(isManager
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
