import { describe, expect, it } from '@jest/globals';
import { newId, type InviteId } from '@heirloom/contracts';
import { counting } from '../../test/samples.ts';
import { decodeInviteLink, encodeInviteLink, type InviteLink } from './link.ts';

const link: InviteLink = {
  server: 'https://photos.example',
  invite: newId<InviteId>(),
  secret: counting(32, 200),
  head: { size: 2 ** 40 + 7, root: counting(32, 100) },
};
const text = encodeInviteLink(link);

describe('an invite link', () => {
  it('comes back as it was, also with blanks around it', () => {
    expect(decodeInviteLink(text)).toEqual(link);
    expect(decodeInviteLink(`  ${text}\n`)).toEqual(link);
    expect(decodeInviteLink(encodeInviteLink({ ...link, server: 'http://localhost:8080/' })).server).toBe(
      'http://localhost:8080',
    );
  });

  it('tells no server more than where it leads', () => {
    const url = new URL(text);
    url.hash = '';
    expect(url.href).toBe('https://photos.example/join');
  });

  it('is refused at every length but its own', () => {
    for (let length = 0; length < text.length; length++)
      expect(() => decodeInviteLink(text.slice(0, length))).toThrow(/Copy all of it/);
    expect(() => decodeInviteLink(`${text}A`)).toThrow(/Copy all of it/);
    expect(() => decodeInviteLink(`${text}.x`)).toThrow(/Copy all of it/);
  });

  it.each([
    ['another page', text.replace('/join', '/login')],
    ['another scheme', text.replace('https:', 'ftp:')],
    ['a user name', text.replace('https://', 'https://me@')],
    ['a query', text.replace('/join', '/join?a=b')],
    ['another id', text.replace(link.invite, 'me')],
    ['other letters', text.replace(/\.[^.]+$/, '.*')],
  ])('is refused with %s', (_name, wrong) => {
    expect(() => decodeInviteLink(wrong)).toThrow(/not a whole invite link/);
  });
});
