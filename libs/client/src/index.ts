export { Http, type CallInput, type CallOptions, type TokenSource } from './http/http.ts';
export { longPatience, noPatience, shortPatience, type Patience } from './http/retry.ts';
export { serverOrigin } from './http/server-address.ts';
export { readRange, type ReadOptions } from './transfer/range-reader.ts';
export { uploadByTus, type UploadRequest, type UploadSettings } from './transfer/tus-upload.ts';
export { type ResumableBytes } from './transfer/chunk-feed.ts';
