import type { InvitedRole } from '@heirloom/contracts';
import { Options } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';

const invitedRoles: readonly InvitedRole[] = ['adult', 'child', 'viewer'];

/** What somebody of the family may do, each in plain words. */
export function RoleOptions({
  role,
  onChange,
}: {
  role: InvitedRole;
  onChange: (role: InvitedRole) => void;
}) {
  const text = useText();
  return (
    <Options
      label={text('family.invite.role')}
      value={role}
      onChange={onChange}
      options={invitedRoles.map((value) => ({
        value,
        label: text(`family.role.${value}`),
        hint: text(`family.role.${value}.text`),
      }))}
    />
  );
}
