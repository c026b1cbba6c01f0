import { Button, Card, Stack } from '@heirloom/ui';
import { useMutation } from '@tanstack/react-query';
import { isolate } from '../app/isolate.ts';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { PlainPage } from '../shell/plain-page.tsx';

/** Stands in place of every page once this device was signed out. */
export function RevokedScreen({ email }: { email: string }) {
  const text = useText();
  const leave = useMutation({ mutationFn: () => ask((engine) => engine.session.logOut()) });
  return (
    <PlainPage>
      <Card>
        <Stack>
          <h1 tabIndex={-1}>{text('session.revoked.title')}</h1>
          <p>{text('session.revoked.text', { email: isolate(email) })}</p>
          <Button kind="primary" isPending={leave.isPending} onPress={() => leave.mutate()}>
            {text('session.revoked.do')}
          </Button>
        </Stack>
      </Card>
    </PlainPage>
  );
}
