export * from './config.ts';
export * from './location.ts';
