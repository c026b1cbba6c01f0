import { readSize } from '@heirloom/contracts';
import { z } from 'zod';
import { secret } from './describe-settings.ts';

/** Building blocks for services' settings. Every setting arrives as text; these give it its type. */

export const portSetting = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .pipe(z.int().min(0).max(65_535))
  .meta({ type: 'a port number' });

export const wholeNumberSetting = (range: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(range.min).max(range.max))
    .meta({ type: `a whole number, ${range.min} to ${range.max}` });

/** A number of bytes, written with its unit: `500MiB`, `1.5 TiB`. */
export const sizeSetting = z
  .string()
  .transform((text, context) => {
    const bytes = readSize(text);
    if (bytes !== null) return bytes;
    context.issues.push({
      code: 'custom',
      message: 'must be a size with its unit, such as 50GiB',
      input: text,
    });
    return z.NEVER;
  })
  .meta({ type: 'a size in B, KiB, MiB, GiB or TiB' });

export const booleanSetting = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A URL with one of the given schemes, for example `urlSetting('postgres', 'postgresql')`. */
export const urlSetting = (...schemes: [string, ...string[]]) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
      error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    })
    .meta({ type: `a URL with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}` });

/** Holds the password of the database's user. */
export const databaseUrlSetting = secret(urlSetting('postgres', 'postgresql'));

/** A secret of exactly `length` bytes, written in base64url. */
export const secretSetting = (length: number) =>
  z
    .string()
    .refine((text) => /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, 'base64url').length === length, {
      error: `must be ${length} random bytes in base64url without padding`,
    })
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')))
    .meta({ type: `${length} bytes in base64url`, secret: true });

/** A setting that holds JSON of the given shape. */
export const jsonSetting = <T extends z.ZodType>(shape: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
        return z.NEVER;
      }
    })
    .pipe(shape)
    .meta({ type: 'JSON' });

/** Several values with commas between them. */
export const listSetting = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item))
    .meta({ type: 'values with commas between them' });
