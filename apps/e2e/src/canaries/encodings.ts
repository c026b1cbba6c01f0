/** A needle in one of the ways in which bytes may lie in a file. */
export interface Needle {
  canary: string;
  encoding: string;
  bytes: Buffer;
}

/** Base64 of a needle at each of the three places it may have in a longer text; the uncertain edges are left out. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const head = shift === 0 ? 0 : shift + 1;
    const tail = (shift + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(head, tail);
  });
}

/** A canary in plain, base64 and base64url (each alignment), hex (each case) and UTF-16 (each byte order). */
export function needlesFor(name: string, canary: string | Buffer): Needle[] {
  const bytes = typeof canary === 'string' ? Buffer.from(canary, 'utf8') : canary;
  const forms: [string, Buffer][] = [
    ['plain', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...base64Forms(bytes).map((text, shift): [string, Buffer] => [`base64+${shift}`, Buffer.from(text)]),
    ...base64Forms(bytes).map((text, shift): [string, Buffer] => [
      `base64url+${shift}`,
      Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ];
  if (typeof canary === 'string') {
    const utf16 = Buffer.from(canary, 'utf16le');
    forms.push(['utf-16le', utf16], ['utf-16be', Buffer.from(utf16).swap16()]);
  }
  return forms.map(([encoding, needle]) => ({ canary: name, encoding, bytes: needle }));
}
