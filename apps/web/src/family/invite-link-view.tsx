import { Button, Notice, QrCode, Row, Soft, Stack, toast, useCopy } from '@heirloom/ui';
import { Check, Copy, Share2 } from 'lucide-react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import type { FreshInvite } from './family-engine.ts';
import styles from './family.module.css';

/** The link, and ways to hand it on. It cannot be shown again: its secret is kept nowhere. */
export function InviteLink({
  invite: { link, role, expiresAt },
  onClose,
}: {
  invite: FreshInvite;
  onClose: () => void;
}) {
  const text = useText();
  const intl = useIntl();
  const { isCopied, copy } = useCopy();
  const share = async () => {
    try {
      await navigator.share({ text: text('family.link.message'), url: link });
    } catch {
      // Whoever closes the sheet of their phone has changed their mind.
    }
  };
  return (
    <Stack>
      <Notice tone="warn">{text('family.link.care')}</Notice>
      <div className={styles.qr}>
        <QrCode value={link} label={text('family.link.qr')} />
      </div>
      <div
        className={styles.link}
        dir="ltr"
        tabIndex={0}
        role="textbox"
        aria-readonly
        aria-label={text('family.link')}
      >
        {link}
      </div>
      <Row>
        <Button
          kind="primary"
          onPress={() => void copy(link).then((did) => did || toast(text('family.link.byHand')))}
        >
          {isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          {text(isCopied ? 'family.link.copied' : 'family.link.copy')}
        </Button>
        {'share' in navigator && (
          <Button onPress={() => void share()}>
            <Share2 aria-hidden="true" />
            {text('family.link.share')}
          </Button>
        )}
      </Row>
      <span className="visually-hidden" role="status">
        {isCopied && text('family.link.copied')}
      </span>
      <Soft>
        {text('family.link.until', {
          role: text(`family.role.${role}`),
          date: intl.formatDate(expiresAt, { dateStyle: 'long', timeStyle: 'short' }),
        })}
      </Soft>
      <Button onPress={onClose}>{text('family.link.done')}</Button>
    </Stack>
  );
}
