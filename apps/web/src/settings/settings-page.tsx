import {
  Button,
  ButtonLink,
  Card,
  Choice,
  type Language,
  languages,
  Page,
  Row,
  type Scheme,
  Soft,
  Stack,
  useSizes,
} from '@heirloom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { usePreferences } from '../app/preferences-context.tsx';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';
import { Kept } from './kept.tsx';
import { OwnName } from './own-name.tsx';
import { PasswordForm } from './password-form.tsx';

/** What a person sets about their account and this browser. */
export function SettingsPage() {
  const text = useText();
  return (
    <Page title={text('settings.title')} isNarrow>
      <Card labelledBy="settings-look">
        <h2 id="settings-look">{text('settings.look')}</h2>
        <Look />
      </Card>
      <Card labelledBy="settings-you">
        <h2 id="settings-you">{text('settings.you')}</h2>
        <OwnName />
      </Card>
      <Card labelledBy="settings-password">
        <h2 id="settings-password">{text('settings.password')}</h2>
        <PasswordForm />
      </Card>
      <Card labelledBy="settings-lock">
        <h2 id="settings-lock">{text('settings.lock')}</h2>
        <Lock />
      </Card>
      <Card labelledBy="settings-vault">
        <h2 id="settings-vault">{text('settings.vault')}</h2>
        <Kept />
      </Card>
      <Card labelledBy="settings-storage">
        <h2 id="settings-storage">{text('settings.storage')}</h2>
        <Stored />
      </Card>
      <Leave />
    </Page>
  );
}

function Look() {
  const text = useText();
  const { preferences, prefer } = usePreferences();
  return (
    <Stack>
      <Choice<Language>
        label={text('settings.language')}
        value={preferences.language}
        options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }))}
        onChange={(language) => prefer({ language })}
      />
      <Choice<Scheme>
        label={text('settings.scheme')}
        value={preferences.scheme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({
          value,
          label: text(`settings.scheme.${value}`),
        }))}
        onChange={(scheme) => prefer({ scheme })}
      />
    </Stack>
  );
}

function Lock() {
  const text = useText();
  const { preferences, prefer } = usePreferences();
  const lock = useMutation({ mutationFn: () => ask((engine) => engine.session.lock()) });
  return (
    <Stack>
      <Choice
        label={text('settings.idle')}
        hint={text('settings.idle.hint')}
        value={String(preferences.idleLockMinutes)}
        options={[5, 15, 60, 0].map((minutes) => ({
          value: String(minutes),
          label: minutes === 0 ? text('settings.idle.never') : text('settings.idle.minutes', { minutes }),
        }))}
        onChange={(minutes) => prefer({ idleLockMinutes: Number(minutes) })}
      />
      <Row>
        <Button isPending={lock.isPending} onPress={() => lock.mutate()}>
          {text('settings.lockNow')}
        </Button>
        <ButtonLink href="/recovery-key">{text('settings.recoveryKey')}</ButtonLink>
        <ButtonLink href="/devices">{text('settings.devices')}</ButtonLink>
      </Row>
    </Stack>
  );
}

const storageKey = ['safety', 'storage'];

function Stored() {
  const text = useText();
  const { bytes } = useSizes();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: storageKey,
    queryFn: () => ask((engine) => engine.settings.storage()),
    staleTime: 0,
  });
  const forget = useMutation({
    mutationFn: () => ask((engine) => engine.settings.forgetPictures()),
    onSettled: () => queries.invalidateQueries({ queryKey: storageKey }),
  });
  return (
    <Stack>
      <p>{text('settings.storage.text', { size: bytes(data?.cachedBytes ?? 0) })}</p>
      {data?.usedBytes && data.quotaBytes && (
        <Soft>
          {text('settings.storage.all', { used: bytes(data.usedBytes), quota: bytes(data.quotaBytes) })}
        </Soft>
      )}
      <Row>
        <Button
          isPending={forget.isPending}
          isDisabled={data?.cachedBytes === 0}
          onPress={() => forget.mutate()}
        >
          {text('settings.storage.forget')}
        </Button>
      </Row>
    </Stack>
  );
}

function Leave() {
  const text = useText();
  const leave = useMutation({ mutationFn: () => ask((engine) => engine.session.logOut()) });
  return (
    <Card labelledBy="settings-leave">
      <h2 id="settings-leave">{text('settings.signOut')}</h2>
      <p>{text('settings.signOut.text')}</p>
      <Row>
        <Button kind="danger" isPending={leave.isPending} onPress={() => leave.mutate()}>
          <LogOut aria-hidden="true" />
          {text('settings.signOut')}
        </Button>
      </Row>
    </Card>
  );
}
