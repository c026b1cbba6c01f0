/** Has the browser save what is in memory under an address. */
export function saveFrom(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Offers something in memory as a file to save. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  saveFrom(url, name);
  // The download has begun by then; browsers that ask where to put it hold on to the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Offers text as a file to save. */
export const saveText = (name: string, text: string): void =>
  saveBlob(name, new Blob([text], { type: 'text/plain;charset=utf-8' }));
