import { useState } from 'react';

const shownMs = 4_000;

/** Copies text; says for a while that it did. False in return: the browser does not allow it. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => Promise<boolean> } {
  const [isCopied, setCopied] = useState(false);
  return {
    isCopied,
    copy: async (text) => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        return false;
      }
      setCopied(true);
      setTimeout(() => setCopied(false), shownMs);
      return true;
    },
  };
}
