import { ButtonLink, Notice, Stack } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';
import type { LinkFault } from './joining-engine.ts';
import { PasteLink } from './paste-link.tsx';

/** A link that leads nowhere: why, and what to do now. */
export function ClosedLink({ fault, hold }: { fault: LinkFault; hold: (link: string) => void }) {
  const text = useText();
  return (
    <Stack>
      <h1 tabIndex={-1}>{text(`family.fault.${fault}.title`)}</h1>
      <Notice tone={fault === 'forged' ? 'danger' : 'warn'}>{text(`family.fault.${fault}`)}</Notice>
      <p>{text(`family.fault.${fault}.next`)}</p>
      {(fault === 'broken' || fault === 'unknown') && <PasteLink onLink={hold} />}
      {fault === 'used' && <ButtonLink href="/sign-in">{text('session.signIn.do')}</ButtonLink>}
    </Stack>
  );
}
