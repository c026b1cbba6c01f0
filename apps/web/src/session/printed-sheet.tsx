import { createPortal } from 'react-dom';
import { useIntl } from 'react-intl';
import { QrCode } from '@heirloom/ui';
import { useText } from '../i18n/use-text.ts';
import styles from './printed-sheet.module.css';
import type { RecoverySheet } from './recovery-key-engine.ts';
import { Words } from './recovery-words.tsx';

/** One page for paper. On the screen it is not there, and on paper nothing else is. */
export function PrintedSheet({ sheet }: { sheet: RecoverySheet }) {
  const text = useText();
  const intl = useIntl();
  const { server, email, words, madeAt } = sheet;
  const facts = [
    [text('session.sheet.server'), server],
    [text('session.sheet.email'), email],
    [text('session.sheet.date'), intl.formatDate(madeAt, { dateStyle: 'long' })],
  ] as const;
  return createPortal(
    <section className={styles.sheet} aria-hidden="true">
      <h1>{text('session.sheet.title')}</h1>
      <p>{text('session.sheet.what')}</p>
      <p>
        <strong>{text('session.sheet.keep')}</strong>
      </p>
      <div className={styles.body}>
        <Words words={words} />
        <div className={styles.code}>
          <QrCode value={words.join(' ')} label={text('session.sheet.qr')} />
          <p>{text('session.sheet.qr')}</p>
        </div>
      </div>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{text('session.sheet.use')}</h2>
      <p>{text('session.sheet.how', { server })}</p>
    </section>,
    document.body,
  );
}
