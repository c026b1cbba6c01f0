const byExtension: Readonly<Record<string, string>> = {
  '3gp': 'video/3gpp',
  arw: 'image/x-sony-arw',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  bmp: 'image/bmp',
  cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3',
  dng: 'image/x-adobe-dng',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  jxl: 'image/jxl',
  m4v: 'video/x-m4v',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  mts: 'video/mp2t',
  nef: 'image/x-nikon-nef',
  orf: 'image/x-olympus-orf',
  pef: 'image/x-pentax-pef',
  png: 'image/png',
  raf: 'image/x-fuji-raf',
  rw2: 'image/x-panasonic-rw2',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  webm: 'video/webm',
  webp: 'image/webp',
  xmp: 'application/rdf+xml',
};

/** The media type that a file's name suggests. */
export function mediaTypeOf(name: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  return (extension && byExtension[extension]) || 'application/octet-stream';
}
