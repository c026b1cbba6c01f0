import { Button, IconButton, Notice, TextInput, toast, useSizes } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Tile } from '../media/photo-list.ts';
import styles from './info-panel.module.css';
import type { PhotoDetails } from './photo-details.ts';
import { useTakenText } from './taken-text.ts';

export interface InfoPanelProps {
  tile: Tile;
  details: PhotoDetails;
  onClose: () => void;
}

/** Everything that is known of a photo. Places are numbers: no map is asked for, which would tell where the family was. */
export function InfoPanel({ tile, details, onClose }: InfoPanelProps) {
  const text = useText();
  const intl = useIntl();
  const sizes = useSizes();
  const taken = useTakenText();
  const { width, height, place, camera, lens, albums } = details;
  const moment = (at: number) => intl.formatDate(at, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <aside className={styles.panel} aria-label={text('lightbox.info')}>
      <header className={styles.head}>
        <h2>{text('lightbox.info')}</h2>
        <IconButton label={text('lightbox.info.close')} icon={<X aria-hidden="true" />} onPress={onClose} />
      </header>
      {details.keptUntil === null && (
        <Caption key={tile.photo} photo={tile.photo} caption={details.caption} />
      )}
      <dl className={styles.list}>
        <Fact name={text('lightbox.info.name')}>
          <bdi>{details.name}</bdi>
        </Fact>
        {details.taken && <Fact name={text('lightbox.info.taken')}>{taken(details.taken)}</Fact>}
        {camera && <Fact name={text('lightbox.info.camera')}>{<bdi>{camera}</bdi>}</Fact>}
        {lens && <Fact name={text('lightbox.info.lens')}>{<bdi>{lens}</bdi>}</Fact>}
        <Fact name={text('lightbox.info.size')}>
          {width !== null && height !== null && (
            <span className={styles.line}>{text('lightbox.info.pixels', { width, height })}</span>
          )}
          <span className={styles.line}>{sizes.bytes(details.bytes)}</span>
        </Fact>
        {place && (
          <Fact name={text('lightbox.info.place')}>
            <bdi dir="ltr">{`${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`}</bdi>
          </Fact>
        )}
        {albums.length > 0 && (
          <Fact name={text('lightbox.info.albums')}>
            {albums.map(({ albumId, name }) => (
              <Link key={albumId} className={styles.line ?? ''} to="/albums/$albumId" params={{ albumId }}>
                <bdi>{name}</bdi>
              </Link>
            ))}
          </Fact>
        )}
        <Fact name={text('lightbox.info.stored')}>{moment(details.storedAt)}</Fact>
        {details.keptUntil !== null && (
          <Fact name={text('lightbox.info.trash')}>
            {text('trash.until', { date: intl.formatDate(details.keptUntil, { dateStyle: 'long' }) })}
          </Fact>
        )}
        {details.isOwn && details.problem === null && (
          <Fact name={text('lightbox.info.copies')}>
            <Copies key={tile.photo} tile={tile} />
          </Fact>
        )}
      </dl>
      {details.problem !== null && <Notice tone="danger">{text('lightbox.damaged.text')}</Notice>}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The person's own words for a photo. */
function Caption({ photo, caption }: { photo: string; caption: string | null }) {
  const text = useText();
  const say = useErrorText();
  const [words, setWords] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (next: string) => ask((engine) => engine.lightbox.setCaption(photo, next)),
    onSuccess: () => {
      setWords(null);
      toast(text('lightbox.caption.saved'));
    },
  });
  const value = words ?? caption ?? '';
  return (
    <form
      className={styles.caption}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(value);
      }}
    >
      <TextInput
        label={text('lightbox.caption')}
        hint={text('lightbox.caption.hint')}
        value={value}
        onChange={setWords}
        isMultiline
        dir="auto"
        error={save.error ? say(save.error) : null}
      />
      {words !== null && words !== (caption ?? '') && (
        <Button kind="primary" type="submit" isPending={save.isPending}>
          {text('lightbox.caption.save')}
        </Button>
      )}
    </form>
  );
}

/** How many whole copies there are, when somebody wants to know. */
function Copies({ tile }: { tile: Tile }) {
  const text = useText();
  const say = useErrorText();
  const count = useMutation({ mutationFn: () => ask((engine) => engine.lightbox.copies(tile)) });
  return (
    <div className={styles.copies} aria-live="polite">
      {count.data && <span>{text('lightbox.copies', { whole: count.data.whole, all: count.data.all })}</span>}
      {count.error && <span>{say(count.error)}</span>}
      {!count.data && (
        <Button isPending={count.isPending} onPress={() => count.mutate()}>
          {text('lightbox.copies.check')}
        </Button>
      )}
    </div>
  );
}
