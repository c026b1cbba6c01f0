import { Button, Dialog, Notice } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';

export interface ConfirmDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What it means, in plain words. */
  children: ReactNode;
  /** What the button says that does it. */
  action: string;
  /** What the button says that leaves everything as it is. */
  cancel: string;
  /** Does it. The question closes when it is done, and says what went wrong otherwise. */
  confirm: () => Promise<void>;
}

/** Asks before something ends: a device's sign-in, somebody's membership, an album. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onClose, title, children, action, cancel, confirm } = props;
  const say = useErrorText();
  const doing = useMutation({ mutationFn: confirm, onSuccess: onClose });
  return (
    <Dialog
      isAlert
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onPress={onClose} isDisabled={doing.isPending}>
            {cancel}
          </Button>
          <Button kind="danger" isPending={doing.isPending} onPress={() => doing.mutate()}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {doing.error && <Notice tone="danger">{say(doing.error)}</Notice>}
    </Dialog>
  );
}
