import { staffRoles, staffRoutes, type StaffRole } from '@heirloom/contracts';
import { Button, Dialog, Notice, Options, TextInput, useCopy } from '@heirloom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { base } from '../app/base.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';

/** The token stands in the fragment, which browsers send to no server. */
const linkOf = (token: string): string => `${window.location.origin}${base}/set-up#${token}`;

/** Makes an invite to the staff and shows its link once. */
export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const text = useText();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('staff.invite.title')}>
      {isOpen && <Steps onClose={onClose} />}
    </Dialog>
  );
}

function Steps({ onClose }: { onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const say = useErrorText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const { isCopied, copy } = useCopy();
  const [role, setRole] = useState<StaffRole>('support');
  const making = useMutation({
    mutationFn: () => http.call(staffRoutes.inviteStaff, { body: { role } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['staff'] }),
  });
  if (making.data) {
    const { token, invite } = making.data;
    return (
      <>
        <Notice tone="good">{text('staff.invite.made', { until: format.moment(invite.expiresAt) })}</Notice>
        <TextInput
          label={text('staff.invite.link')}
          value={linkOf(token)}
          isMultiline
          dir="ltr"
          spellCheck="false"
        />
        <div className="dialog-actions">
          <Button onPress={() => void copy(linkOf(token))}>
            {text(isCopied ? 'staff.invite.copied' : 'staff.invite.copy')}
          </Button>
          <Button kind="primary" onPress={onClose}>
            {text('staff.invite.done')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Options
        label={text('staff.invite.role')}
        value={role}
        onChange={setRole}
        options={staffRoles.map((value) => ({
          value,
          label: text(`shell.role.${value}`),
          hint: text(`staff.invite.${value}`),
        }))}
      />
      {making.error && <Notice tone="danger">{say(making.error)}</Notice>}
      <div className="dialog-actions">
        <Button onPress={onClose}>{text('app.cancel')}</Button>
        <Button kind="primary" isPending={making.isPending} onPress={() => making.mutate()}>
          {text('staff.invite.make')}
        </Button>
      </div>
    </>
  );
}
