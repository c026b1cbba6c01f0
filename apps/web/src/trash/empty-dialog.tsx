import { Button, Dialog } from '@heirloom/ui';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { useTrashActions } from './use-trash-actions.ts';

/** Photos that are about to leave the trash for good. */
export interface Leaving {
  photos: readonly string[];
  /** The whole trash. */
  isAll: boolean;
  /** When the first and the last of them may be deleted; milliseconds since 1970. */
  first: number;
  last: number;
}

/** Says what emptying means before it is done. */
export function EmptyDialog({ leaving, onClose }: { leaving: Leaving; onClose: () => void }) {
  const text = useText();
  const intl = useIntl();
  const { empty } = useTrashActions();
  const count = leaving.photos.length;
  const day = (at: number) => intl.formatDate(Math.max(at, Date.now()), { dateStyle: 'long' });
  const [first, last] = [day(leaving.first), day(leaving.last)];
  return (
    <Dialog
      isOpen
      isAlert
      onClose={onClose}
      title={text('trash.confirm.title', { count })}
      actions={
        <>
          <Button onPress={onClose}>{text('trash.confirm.keep')}</Button>
          <Button
            kind="danger"
            isPending={empty.isPending}
            onPress={() => empty.mutate(leaving.isAll ? undefined : leaving.photos, { onSuccess: onClose })}
          >
            {text('trash.delete')}
          </Button>
        </>
      }
    >
      <p>{text('trash.confirm.hidden', { count })}</p>
      <p>
        {first === last
          ? text('trash.confirm.disks', { date: first })
          : text('trash.confirm.disks.range', { first, last })}
      </p>
    </Dialog>
  );
}
