import { limits } from '@heirloom/contracts';
import { z } from 'zod';
import { plainLength } from '../encoding/cobblestone.ts';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import { hashField, timeField } from '../encoding/fields.ts';

const text = (max: number) => z.string().max(max);
const pixels = z.int().min(1).max(1_000_000);
const mediaType = z
  .string()
  .max(127)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/, 'is not a media type');
const rendition = z.looseObject({ width: pixels, height: pixels, mediaType });

const metadataSchema = z.looseObject({
  /** File name, without its folders. */
  name: z.string().min(1).max(1024),
  mediaType,
  /** Of the original, in bytes. */
  size: z.int().min(0).max(limits.objectBytes),
  /** SHA-256 of the original. */
  sha256: hashField,
  modifiedAt: timeField.optional(),
  /** When the picture was taken, by the camera's clock: local time, and minutes east of UTC where known. */
  takenAt: z
    .looseObject({
      local: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/, 'is not a local time'),
      offsetMinutes: z.int().min(-1439).max(1439).optional(),
    })
    .optional(),
  width: pixels.optional(),
  height: pixels.optional(),
  /** EXIF orientation, 1 to 8; width and height are as stored, before it is applied. Absent where they are as shown. */
  orientation: z.int().min(1).max(8).optional(),
  durationMs: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  camera: z
    .looseObject({ make: text(200).optional(), model: text(200).optional(), lens: text(200).optional() })
    .optional(),
  /** WGS 84 degrees; metres above sea level. */
  place: z
    .looseObject({
      lat: z.number().min(-90).max(90),
      lon: z.number().min(-180).max(180),
      alt: z.number().min(-20_000).max(1_000_000).optional(),
    })
    .optional(),
  thumbnail: rendition.optional(),
  preview: rendition.optional(),
});

/** The plaintext of the part `metadata`. Unknown fields are kept: later versions may add some. */
export type Metadata = z.output<typeof metadataSchema>;

export const metadataFormat: RecordFormat<typeof metadataSchema> = recordFormat(metadataSchema, {
  maxBytes: plainLength(limits.sealedMetadataBytes) ?? 0,
  code: 'damaged',
});
