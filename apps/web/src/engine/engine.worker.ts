import './without-eval.ts';

// What defines schemas is loaded after zod was told how.
await import('./start-engine.ts');
