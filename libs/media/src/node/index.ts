export { openFile, type FileSource } from './file-source.ts';
export { sharpDecoder } from './sharp-decoder.ts';
