import { Page, Stack } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';
import { FamilyInvites } from './family-invites.tsx';
import { StaffInvites } from './staff-invites.tsx';
import { StaffMembers } from './staff-members.tsx';

/** Who works here, and who is invited: to the staff, and by families. */
export function StaffPage() {
  const text = useText();
  return (
    <Page title={text('staff.title')} lead={text('staff.lead')}>
      <Stack>
        <StaffMembers />
        <StaffInvites />
        <FamilyInvites />
      </Stack>
    </Page>
  );
}
