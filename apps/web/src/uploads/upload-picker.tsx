import { Button, Card, Choice, Notice, Row, Soft } from '@heirloom/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FolderPlus, ImagePlus } from 'lucide-react';
import { useRef } from 'react';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { addFiles } from './add-files.ts';
import { filesOfInput } from './collect-files.ts';
import { isPhone } from './device-kind.ts';
import styles from './uploads.module.css';

/** On phones this opens the camera roll. Naming HEIC keeps iPhones from turning it into JPEG. */
const phoneTypes = 'image/*,image/heic,image/heif,video/*';
const mine = 'mine';

/** Chooses files or a folder, and where they go. */
export function UploadPicker() {
  const text = useText();
  const say = useErrorText();
  const { album } = useSearch({ from: '/inside/uploads' });
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onPhone = isPhone(navigator);
  const add = useMutation({
    mutationFn: (input: HTMLInputElement) =>
      addFiles(filesOfInput(input.files ?? []), album ?? null).finally(() => (input.value = '')),
  });
  return (
    <Card>
      <AlbumChoice />
      <Row>
        <Button kind="primary" isPending={add.isPending} onPress={() => files.current?.click()}>
          <ImagePlus aria-hidden="true" />
          {text('uploads.choose')}
        </Button>
        {!onPhone && (
          <Button isPending={add.isPending} onPress={() => folder.current?.click()}>
            <FolderPlus aria-hidden="true" />
            {text('uploads.chooseFolder')}
          </Button>
        )}
      </Row>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={text('uploads.choose')}
        {...(onPhone ? { accept: phoneTypes } : {})}
        onChange={({ currentTarget }) => add.mutate(currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={text('uploads.chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={({ currentTarget }) => add.mutate(currentTarget)}
      />
      <div className={styles.hints}>
        {!onPhone && <Soft>{text('uploads.hint.drop')}</Soft>}
        <Soft>{text('uploads.hint.sealed')}</Soft>
      </div>
      {onPhone && <Notice>{text('uploads.hint.phone')}</Notice>}
      {add.error && <Notice tone="danger">{say(add.error)}</Notice>}
    </Card>
  );
}

function AlbumChoice() {
  const text = useText();
  const navigate = useNavigate({ from: '/uploads' });
  const { album } = useSearch({ from: '/inside/uploads' });
  const { data: albums } = useQuery({
    queryKey: ['albums', 'list'],
    queryFn: () => ask((engine) => engine.albums.list()),
  });
  const open = albums?.filter(({ role, problem }) => role !== 'viewer' && problem === null) ?? [];
  const options = [
    { value: mine, label: text('uploads.album.none'), hint: text('uploads.album.none.hint') },
    ...open.map(({ albumId, name, isVault }) => ({
      value: albumId,
      label: isVault ? text('albums.vault.name') : name,
      ...(isVault ? { hint: text('uploads.album.vault.hint') } : {}),
    })),
  ];
  return (
    <Choice
      label={text('uploads.album')}
      value={album && open.some(({ albumId }) => albumId === album) ? album : mine}
      options={options}
      onChange={(chosen) =>
        void navigate({ search: chosen === mine ? {} : { album: chosen }, replace: true })
      }
    />
  );
}
