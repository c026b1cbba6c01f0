import { describe, expect, it } from '@jest/globals';
import { serverOrigin } from './server-address.ts';

describe('serverOrigin', () => {
  it.each([
    ['https://photos.example.org', 'https://photos.example.org'],
    ['https://photos.example.org/', 'https://photos.example.org'],
    [' photos.example.org ', 'https://photos.example.org'],
    ['photos.example.org:8443', 'https://photos.example.org:8443'],
    ['HTTPS://Photos.Example.org:443', 'https://photos.example.org'],
    ['localhost:8080', 'http://localhost:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://localhost:8080', 'https://localhost:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
  ])('reads %s as %s', (typed, origin) => {
    expect(serverOrigin(typed)).toBe(origin);
  });

  it.each([
    '',
    'http://photos.example.org',
    'ftp://photos.example.org',
    'https://me:secret@photos.example.org',
    'https://photos.example.org/heirloom',
    'https://photos.example.org/?a=b',
    'http://127.0.0.1.example.org',
    'http://192.168.1.4:8080',
  ])('refuses %s', (typed) => {
    expect(() => serverOrigin(typed)).toThrow(
      expect.objectContaining({ code: 'bad-request' }) as unknown as Error,
    );
  });

  it('takes plain http to another machine when that is allowed', () => {
    expect(serverOrigin('http://192.168.1.4:8080', { allowHttp: true })).toBe('http://192.168.1.4:8080');
  });
});
