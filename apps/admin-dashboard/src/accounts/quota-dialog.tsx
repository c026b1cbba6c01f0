import { vaultStaffRoutes, type AccountId, type FamilyId, type Quota } from '@heirloom/contracts';
import { Dialog, Options, TextInput } from '@heirloom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useStaff } from '../session/use-session.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

type Kind = 'default' | 'none' | 'limit';
const gigabyte = 1e9;
const mostGigabytes = 1e6;

export interface QuotaDialogProps {
  isOpen: boolean;
  onClose: () => void;
  quota: Quota;
  of: { accountId: AccountId } | { familyId: FamilyId };
}

/** How much a person or a family may keep. */
export function QuotaDialog({ isOpen, onClose, ...rest }: QuotaDialogProps) {
  const text = useText();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('accounts.quota.set')}>
      {isOpen && <Form onClose={onClose} {...rest} />}
    </Dialog>
  );
}

function Form({ onClose, quota, of }: Omit<QuotaDialogProps, 'isOpen'>) {
  const text = useText();
  const { http } = useStaff();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>(
    quota.isDefault ? 'default' : quota.bytes === null ? 'none' : 'limit',
  );
  const [typed, type] = useState(quota.bytes === null ? '' : String(quota.bytes / gigabyte));
  const gigabytes = Number(typed.trim().replace(',', '.'));
  const isValid = kind !== 'limit' || (typed.trim() !== '' && gigabytes >= 0 && gigabytes <= mostGigabytes);
  const setting = useMutation({
    mutationFn: async () => {
      const bytes =
        kind === 'default' ? ('default' as const) : kind === 'none' ? null : Math.round(gigabytes * gigabyte);
      await ('accountId' in of
        ? http.call(vaultStaffRoutes.setAccountQuota, { params: of, body: { bytes } })
        : http.call(vaultStaffRoutes.setFamilyQuota, { params: of, body: { bytes } }));
    },
    onSuccess: async () => {
      for (const topic of ['quotas', 'accounts', 'families'])
        void queries.invalidateQueries({ queryKey: [topic] });
      onClose();
    },
  });
  return (
    <DialogForm
      action={text('accounts.quota.save')}
      isValid={isValid}
      isPending={setting.isPending}
      error={setting.error}
      onSubmit={() => setting.mutate()}
      onClose={onClose}
    >
      <Options
        label={text('accounts.quota')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'default', label: text('accounts.quota.kind.default') },
          { value: 'none', label: text('accounts.quota.kind.none') },
          { value: 'limit', label: text('accounts.quota.kind.limit') },
        ]}
      />
      {kind === 'limit' && (
        <TextInput
          label={text('accounts.quota.gigabytes')}
          hint={text('accounts.quota.hint')}
          value={typed}
          onChange={type}
          inputMode="decimal"
          error={typed !== '' && !isValid ? text('accounts.quota.wrong') : null}
        />
      )}
    </DialogForm>
  );
}
