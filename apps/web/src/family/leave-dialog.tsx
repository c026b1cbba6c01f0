import { Button, Dialog, Notice, toast } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** Leaves the family, after saying what that means. */
export function LeaveDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  const say = useErrorText();
  const leave = useMutation({
    mutationFn: () => ask((engine) => engine.family.leave()),
    onSuccess: () => {
      toast(text('family.left'));
      onClose();
    },
  });
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      isAlert
      title={text('family.leave.title')}
      actions={
        <>
          <Button onPress={onClose} isDisabled={leave.isPending}>
            {text('family.cancel')}
          </Button>
          <Button kind="danger" isPending={leave.isPending} onPress={() => leave.mutate()}>
            {text('family.leave')}
          </Button>
        </>
      }
    >
      {leave.error && <Notice tone="danger">{say(leave.error)}</Notice>}
      <ul>
        <li>{text('family.leave.loses')}</li>
        <li>{text('family.leave.yours')}</li>
        <li>{text('family.leave.back')}</li>
      </ul>
    </Dialog>
  );
}
