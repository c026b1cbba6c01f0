import { Button, Dialog, Notice } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

export interface EndDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What it means, in plain words. */
  words: string;
  action: string;
  end: () => Promise<void>;
}

/** Asks before something ends: an album, somebody's share in it. */
export function EndDialog({ isOpen, onClose, title, words, action, end }: EndDialogProps) {
  const text = useText();
  const say = useErrorText();
  const ending = useMutation({ mutationFn: end, onSuccess: onClose });
  return (
    <Dialog
      isAlert
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onPress={onClose}>{text('albums.cancel')}</Button>
          <Button kind="danger" isPending={ending.isPending} onPress={() => ending.mutate()}>
            {action}
          </Button>
        </>
      }
    >
      <p>{words}</p>
      {ending.error && <Notice tone="danger">{say(ending.error)}</Notice>}
    </Dialog>
  );
}
