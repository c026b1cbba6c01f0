import { Button, Notice, Row, Stack } from '@heirloom/ui';
import { Download, Printer } from 'lucide-react';
import { saveText } from '../app/save-file.ts';
import { useText } from '../i18n/use-text.ts';
import type { RecoverySheet } from './recovery-key-engine.ts';
import { PrintedSheet } from './printed-sheet.tsx';
import styles from './session.module.css';
import { useSheetText } from './sheet-text.ts';

/** Shows the words, and ways to keep them. */
export function RecoveryWords({
  sheet,
  onNext,
  onLater,
}: {
  sheet: RecoverySheet;
  onNext: () => void;
  onLater: () => void;
}) {
  const text = useText();
  const asFile = useSheetText(sheet);
  return (
    <Stack>
      <p>{text('session.kit.why')}</p>
      <Words words={sheet.words} />
      <Notice tone="warn">{text('session.kit.care')}</Notice>
      <Row>
        <Button onPress={() => window.print()}>
          <Printer aria-hidden="true" />
          {text('session.kit.print')}
        </Button>
        <Button onPress={() => saveText(text('session.kit.file'), asFile)}>
          <Download aria-hidden="true" />
          {text('session.kit.save')}
        </Button>
      </Row>
      <p>{text('session.kit.byHand')}</p>
      <Row isSpread>
        <Button kind="quiet" onPress={onLater}>
          {text('session.kit.later')}
        </Button>
        <Button kind="primary" onPress={onNext}>
          {text('session.kit.have')}
        </Button>
      </Row>
      <PrintedSheet sheet={sheet} />
    </Stack>
  );
}

/** Numbered, read column by column as on paper; words are English in every language. */
export function Words({ words }: { words: readonly string[] }) {
  const text = useText();
  return (
    <ol className={styles.words} dir="ltr" lang="en" translate="no" aria-label={text('session.kit.words')}>
      {words.map((word, i) => (
        <li key={i}>
          <span className={styles.number}>{i + 1}</span>
          <span>{word}</span>
        </li>
      ))}
    </ol>
  );
}
