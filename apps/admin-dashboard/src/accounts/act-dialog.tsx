import { actOnAccount } from '@heirloom/client';
import { limits, type FoundAccount } from '@heirloom/contracts';
import { Dialog, TextInput, toast } from '@heirloom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

export type Act = 'lock' | 'unlock' | 'endSessions';
const { min, max } = limits.actReasonCharacters;

/** Asks for the reason before something is done to somebody's account. */
export function ActDialog({
  act,
  account,
  onClose,
}: {
  act: Act | null;
  account: FoundAccount;
  onClose: () => void;
}) {
  const text = useText();
  return (
    <Dialog isOpen={act !== null} onClose={onClose} title={act ? text(`accounts.${act}.title`) : ''} isAlert>
      {act && <Question key={act} act={act} account={account} onClose={onClose} />}
    </Dialog>
  );
}

function Question({ act, account, onClose }: { act: Act; account: FoundAccount; onClose: () => void }) {
  const text = useText();
  const staff = useStaff();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const isLongEnough = reason.trim().length >= min;
  const doing = useMutation({
    mutationFn: () => actOnAccount(staff, act, account.accountId, reason.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['accounts'] });
      toast(text(`accounts.done.${act}`));
      onClose();
    },
  });
  return (
    <DialogForm
      action={text(`accounts.${act}`)}
      kind={act === 'unlock' ? 'primary' : 'danger'}
      isValid={isLongEnough}
      isPending={doing.isPending}
      error={doing.error}
      onSubmit={() => doing.mutate()}
      onClose={onClose}
    >
      <p>
        <bdi>
          <strong>{account.email}</strong>
        </bdi>
      </p>
      <p>{text(`accounts.${act}.text`)}</p>
      <TextInput
        label={text('accounts.reason')}
        hint={text('accounts.reason.hint', { min, max })}
        value={reason}
        onChange={setReason}
        maxLength={max}
        autoComplete="off"
        autoFocus
        isRequired
      />
    </DialogForm>
  );
}
