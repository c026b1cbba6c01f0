import { Notice, Progress, Soft, Stack, useSizes } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useErrorText } from '../i18n/use-error-text.ts';
import { useText } from '../i18n/use-text.ts';

/** How much the vault holds of this person, and how much it may. */
export function Kept() {
  const text = useText();
  const say = useErrorText();
  const { bytes } = useSizes();
  const { data, error } = useQuery({
    queryKey: ['settings', 'usage'],
    queryFn: () => ask((engine) => engine.settings.usage()),
    staleTime: 0,
  });
  if (error) return <Notice tone="warn">{say(error)}</Notice>;
  if (!data) return null;
  const { quota, family, openBytes, trashedBytes } = data;
  const isFull = [{ ...data, quota: quota ?? Infinity }, ...(family ? [family] : [])].some(
    (one) => one.bytes + one.openBytes >= one.quota,
  );
  const used = bytes(data.bytes);
  return (
    <Stack>
      {quota === null ? (
        <p>{text('settings.vault.used', { used })}</p>
      ) : (
        <Progress
          label={text('settings.vault.share')}
          share={quota === 0 ? 1 : Math.min(1, data.bytes / quota)}
          detail={text('settings.vault.of', { used, quota: bytes(quota) })}
        />
      )}
      {family && (
        <Progress
          label={text('settings.vault.familyShare')}
          share={family.quota === 0 ? 1 : Math.min(1, family.bytes / family.quota)}
          detail={text('settings.vault.family', { used: bytes(family.bytes), quota: bytes(family.quota) })}
        />
      )}
      {isFull && <Notice tone="warn">{text('settings.vault.full')}</Notice>}
      {openBytes > 0 && <Soft>{text('settings.vault.open', { size: bytes(openBytes) })}</Soft>}
      {trashedBytes > 0 && <Soft>{text('settings.vault.trash', { size: bytes(trashedBytes) })}</Soft>}
    </Stack>
  );
}
