/** Offers text as a file to save. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; browsers that ask where to put it hold on to the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
