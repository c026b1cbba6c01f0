export { canvasDecoder } from './canvas-decoder.ts';
