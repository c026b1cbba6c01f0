export { describeMedia, type MediaDescription, type MediaFile } from './description/describe-media.ts';
export { mediaTypeOf } from './description/media-type.ts';
export { sniffMediaType } from './description/sniff.ts';
export type { Encoded, Frame, Picture, PictureDecoder, Pixels } from './pictures/picture-decoder.ts';
export { blobSource, bytesSource, partOf, type ByteSource } from './source/byte-source.ts';
