import { useDeferredValue, useEffect, useState } from 'react';
import type { TextId } from '../i18n/text.ts';
import { useText } from '../i18n/use-text.ts';
import type { Strength } from './password-strength.ts';
import styles from './session.module.css';

const words: readonly TextId[] = [
  'session.strength.0',
  'session.strength.1',
  'session.strength.2',
  'session.strength.3',
  'session.strength.4',
];
const reasons: Readonly<Record<NonNullable<Strength['weakness']>, TextId>> = {
  common: 'session.weakness.common',
  name: 'session.weakness.name',
  date: 'session.weakness.date',
  pattern: 'session.weakness.pattern',
};

/** Judges in idle moments. What judges is large, so it is fetched when the first password is typed. */
function useStrength(password: string, known: readonly string[]): Strength | null {
  const [strength, setStrength] = useState<Strength | null>(null);
  const about = known.join('\n');
  useEffect(() => {
    if (password === '') return setStrength(null);
    let isCurrent = true;
    // Without a network there is no judgement, and no harm: it only advises.
    import('./password-strength.ts')
      .then(({ strengthOf }) => isCurrent && setStrength(strengthOf(password, about.split('\n'))))
      .catch(() => undefined);
    return () => void (isCurrent = false);
  }, [password, about]);
  return strength;
}

/** Says in words and by a bar how hard a password is to guess. It advises and never forbids. */
export function StrengthMeter({
  password,
  known,
  minCharacters,
}: {
  password: string;
  /** What others know about the person. */
  known: readonly string[];
  minCharacters: number;
}) {
  const text = useText();
  const settled = useDeferredValue(password);
  const strength = useStrength(settled, known);
  const missing = minCharacters - [...settled].length;
  const score = strength && missing <= 0 ? strength.score : 0;
  return (
    <div className={styles.strength} role="status">
      <span className={styles.bars} data-score={settled === '' ? undefined : score} aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <span key={bar} data-filled={settled !== '' && bar < Math.max(score, 1)} />
        ))}
      </span>
      <span className={styles.strengthWords}>
        {settled === ''
          ? text('session.strength.advice', { min: minCharacters })
          : missing > 0
            ? text('session.strength.short', { missing })
            : strength &&
              [
                text(words[strength.score] ?? 'session.strength.0'),
                strength.score < 3 && text(reasons[strength.weakness ?? 'pattern']),
              ]
                .filter(Boolean)
                .join(' ')}
      </span>
    </div>
  );
}
