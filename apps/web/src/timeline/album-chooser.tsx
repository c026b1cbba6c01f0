import { Button, Dialog, Notice, Row, Soft, Spinner, Stack, TextInput, toast } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import { addToAlbum } from '../albums/add-to-album.ts';
import styles from './album-chooser.module.css';

export interface AlbumChooserProps {
  photos: readonly Tile[];
  onClose: () => void;
  /** The photos are in an album. */
  onDone: () => void;
}

/** Asks which album photos should go into; it may be a new one. */
export function AlbumChooser({ photos, onClose, onDone }: AlbumChooserProps) {
  const text = useText();
  const say = useErrorText();
  const [name, setName] = useState('');
  const { data: albums, error } = useQuery({
    queryKey: ['albums', 'list'],
    queryFn: () => ask((engine) => engine.albums.list()),
  });
  const add = useMutation({
    mutationFn: async (album: { albumId: string; name: string } | null) => {
      const { albumId } = album ?? (await ask((engine) => engine.albums.create(name)));
      return {
        name: album?.name ?? name,
        added: await addToAlbum(albumId, photos),
      };
    },
    onSuccess: ({ name: of, added }) => {
      toast(text('timeline.addedToAlbum', { count: added, album: of }));
      onClose();
      onDone();
    },
  });
  const usable = albums?.filter(({ role, problem }) => role !== 'viewer' && problem === null) ?? [];
  const failure = error ?? add.error;
  return (
    <Dialog isOpen onClose={onClose} title={text('timeline.addToAlbum')}>
      <Stack>
        {failure && <Notice tone="danger">{say(failure)}</Notice>}
        {!albums && !error && <Spinner />}
        {albums && usable.length === 0 && <Soft>{text('timeline.addToAlbum.none')}</Soft>}
        {usable.length > 0 && (
          <ul className={styles.albums}>
            {usable.map((album) => (
              <li key={album.albumId}>
                <Button isDisabled={add.isPending} onPress={() => add.mutate(album)}>
                  {album.name}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(null);
          }}
        >
          <Stack>
            <TextInput
              label={text('timeline.addToAlbum.new')}
              value={name}
              onChange={setName}
              maxLength={200}
              isRequired
            />
            <Row isSpread>
              <Button kind="quiet" onPress={onClose}>
                {text('timeline.cancel')}
              </Button>
              <Button type="submit" kind="primary" isPending={add.isPending} isDisabled={name.trim() === ''}>
                {text('timeline.addToAlbum.create')}
              </Button>
            </Row>
          </Stack>
        </Form>
      </Stack>
    </Dialog>
  );
}
