const maxNameBytes = 255;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Path separators, what Windows forbids, control characters, and marks that turn the direction of writing around. */
// eslint-disable-next-line no-control-regex -- removing control characters is the purpose
const unsafe = /[/\\:*?"<>|\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Names that Windows keeps for devices, with or without an extension. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Cuts to so many bytes of UTF-8, never within a character. */
function cut(text: string, maxBytes: number): string {
  const bytes = encoder.encode(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return decoder.decode(bytes.subarray(0, end));
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || encoder.encode(name.slice(dot)).length > 32) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/**
 * A name under which a photo can be written into a folder on any system, as near to its own name as that allows.
 * Whoever uploaded a photo chose its name, so it is not trusted: no separators, no control characters, nothing that
 * begins with a dot, at most 255 bytes.
 */
export function safeFileName(name: string): string {
  let safe = name.toWellFormed().normalize('NFC').replace(unsafe, '_').trim();
  safe = safe.replace(/^\.+/, (dots) => '_'.repeat(dots.length)).replace(/[. ]+$/, '');
  if (safe === '') safe = 'photo';
  if (reserved.test(safe)) safe = `_${safe}`;
  return numbered(safe, 1);
}

/** `beach.jpg`, `beach (2).jpg`, `beach (3).jpg`: for n = 1, 2, 3. */
export function numbered(name: string, n: number): string {
  const { stem, extension } = split(name);
  const suffix = n === 1 ? extension : ` (${n})${extension}`;
  return cut(stem, maxNameBytes - encoder.encode(suffix).length) + suffix;
}
