import { ButtonLink, Soft } from '@heirloom/ui';
import { Copy, LockKeyhole, Users } from 'lucide-react';
import type { ComponentType } from 'react';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import { LanguageChoice } from './language-choice.tsx';
import styles from './welcome.module.css';

interface Point {
  icon: ComponentType<{ 'aria-hidden': 'true' }>;
  title: TextId;
  text: TextId;
}

const points: readonly Point[] = [
  { icon: LockKeyhole, title: 'welcome.point.lock.title', text: 'welcome.point.lock.text' },
  { icon: Copy, title: 'welcome.point.copies.title', text: 'welcome.point.copies.text' },
  { icon: Users, title: 'welcome.point.family.title', text: 'welcome.point.family.text' },
];

/** The first thing that somebody sees who is not signed in. */
export function WelcomePage() {
  const text = useText();
  return (
    <div className={styles.welcome}>
      <header className={styles.hero}>
        <img src="/icons/icon.svg" alt="" />
        <h1 tabIndex={-1}>{text('welcome.title')}</h1>
        <p>{text('welcome.text')}</p>
        <div className={styles.actions}>
          <ButtonLink kind="primary" href="/sign-up">
            {text('welcome.begin')}
          </ButtonLink>
          <ButtonLink href="/sign-in">{text('welcome.signIn')}</ButtonLink>
        </div>
      </header>
      <ul className={styles.points}>
        {points.map(({ icon: Icon, title, text: words }) => (
          <li key={title}>
            <Icon aria-hidden="true" />
            <h2>{text(title)}</h2>
            <p>{text(words)}</p>
          </li>
        ))}
      </ul>
      <footer className={styles.foot}>
        <Soft>{text('welcome.invited')}</Soft>
        <LanguageChoice />
      </footer>
    </div>
  );
}
