import type { Quota } from '@heirloom/contracts';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';

/** A quota in words. */
export function useQuotaText(): (quota: Quota) => string {
  const text = useText();
  const format = useFormat();
  return ({ bytes, isDefault }) => {
    if (bytes === null) return text('accounts.quota.none');
    return isDefault ? text('accounts.quota.default', { bytes: format.bytes(bytes) }) : format.bytes(bytes);
  };
}
