/** Types of originals that browsers draw. HEIC and RAW are shown by the preview that was made when they were stored. */
const drawable = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

const MiB = 1024 * 1024;
/** Larger originals would need more memory than a phone has when they are drawn. */
const drawableBytes = 60 * MiB;

export const isDrawable = (mediaType: string, bytes: number): boolean =>
  drawable.has(mediaType) && bytes <= drawableBytes;

/** A type that no browser takes for a page. */
export const filmTypeOf = (mediaType: string | undefined): string =>
  mediaType && /^video\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
