import { actOnAccount } from '@heirloom/client';
import { limits, type FoundAccount } from '@heirloom/contracts';
import { Button, Dialog, Notice, TextInput, toast } from '@heirloom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';

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
  const say = useErrorText();
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
    <form
      style={{ display: 'contents' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isLongEnough) doing.mutate();
      }}
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
      {doing.error && <Notice tone="danger">{say(doing.error)}</Notice>}
      <div className="dialog-actions">
        <Button onPress={onClose} isDisabled={doing.isPending}>
          {text('app.cancel')}
        </Button>
        <Button
          type="submit"
          kind={act === 'unlock' ? 'primary' : 'danger'}
          isPending={doing.isPending}
          isDisabled={!isLongEnough}
        >
          {text(`accounts.${act}`)}
        </Button>
      </div>
    </form>
  );
}
