import { useSizes } from '@heirloom/ui';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import { useText } from '../i18n/use-text.ts';

/** How much of somebody's storage is taken, to whom it is full. Nothing while that cannot be told. */
export function StorageTaken() {
  const text = useText();
  const { bytes } = useSizes();
  const { data } = useQuery({
    queryKey: ['settings', 'usage'],
    queryFn: () => ask((engine) => engine.settings.usage()),
    staleTime: 0,
  });
  if (!data) return null;
  const taken = (one: { bytes: number; openBytes: number; quota: number }) => ({
    used: bytes(one.bytes + one.openBytes),
    quota: bytes(one.quota),
  });
  const { quota, family } = data;
  return (
    <>
      {quota !== null && <> {text('uploads.taken', taken({ ...data, quota }))}</>}
      {family && <> {text('uploads.takenByFamily', taken(family))}</>}
    </>
  );
}
