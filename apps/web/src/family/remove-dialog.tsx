import { toast } from '@heirloom/ui';
import { ConfirmDialog } from '../app/confirm-dialog.tsx';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import type { Person } from './family-engine.ts';
import { nameOf } from './family-page.tsx';

/** Removes somebody, after saying what that means. */
export function RemoveDialog({
  person,
  isOpen,
  onClose,
}: {
  person: Person;
  isOpen: boolean;
  onClose: () => void;
}) {
  const text = useText();
  const name = isolate(nameOf(person));
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={text('family.remove.title', { name })}
      action={text('family.remove')}
      cancel={text('family.cancel')}
      confirm={async () => {
        const status = await ask((engine) => engine.family.remove(person.accountId));
        toast(text(status === 'effective' ? 'family.removed' : 'family.removed.fencing', { name }));
      }}
    >
      <ul>
        <li>{text('family.remove.loses')}</li>
        <li>{text('family.remove.theirs')}</li>
        <li>{text('family.remove.copies')}</li>
        <li>{text('family.remove.keys')}</li>
      </ul>
    </ConfirmDialog>
  );
}
