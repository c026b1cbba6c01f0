import { toast } from '@heirloom/ui';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';

/** Leaves the family, after saying what that means. */
export function LeaveDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('family.leave.title')}
      action={text('family.leave')}
      cancel={text('family.cancel')}
      confirm={async () => {
        await ask((engine) => engine.family.leave());
        toast(text('family.left'));
      }}
    >
      <ul>
        <li>{text('family.leave.loses')}</li>
        <li>{text('family.leave.yours')}</li>
        <li>{text('family.leave.back')}</li>
      </ul>
    </ConfirmDialog>
  );
}
