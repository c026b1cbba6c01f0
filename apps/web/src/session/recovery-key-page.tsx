import { Card, Page, Spinner, toast } from '@heirloom/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FailedPage } from '../app/failed-page.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { ConfirmWords } from './confirm-words.tsx';
import { MakeWords } from './make-words.tsx';
import type { RecoverySheet } from './recovery-key-engine.ts';
import { RecoveryWords } from './recovery-words.tsx';
import { useRecoveryKey } from './use-recovery-key.ts';

/** The person's recovery key: its words while they are new, or a way to make others. */
export function RecoveryKeyPage() {
  const text = useText();
  const queries = useQueryClient();
  const state = useRecoveryKey();
  const sheet = useQuery({
    queryKey: ['recovery-sheet'],
    queryFn: () => ask((engine) => engine.session.recoverySheet()),
    gcTime: 0,
  });
  const error = sheet.error ?? state.error;
  if (error) return <FailedPage error={error} />;
  return (
    <Page title={text('session.kit.title')} isNarrow>
      {(!state.data || sheet.data === undefined) && <Spinner />}
      {sheet.data && <NewWords sheet={sheet.data} />}
      {sheet.data === null && state.data && (
        <MakeWords state={state.data} onMade={(made) => queries.setQueryData(['recovery-sheet'], made)} />
      )}
    </Page>
  );
}

function NewWords({ sheet }: { sheet: RecoverySheet }) {
  const text = useText();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const leave = () => void navigate({ to: '/' });
  return (
    <Card>
      {isAsking ? (
        <ConfirmWords
          asked={sheet.asked}
          onBack={() => setAsking(false)}
          onDone={() => {
            toast(text('session.confirm.done'));
            leave();
          }}
        />
      ) : (
        <RecoveryWords
          sheet={sheet}
          onNext={() => setAsking(true)}
          onLater={() => {
            toast(text('session.kit.remind'));
            leave();
          }}
        />
      )}
    </Card>
  );
}
