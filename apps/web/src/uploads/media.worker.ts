import '../engine/without-eval.ts';
import { expose } from 'comlink';

// What defines schemas is loaded after zod was told how.
const [{ carryErrors }, { mediaTasks }] = await Promise.all([
  import('../engine/errors.ts'),
  import('./media-tasks.ts'),
]);
carryErrors();
expose(mediaTasks);
// Messages that came before `expose` are lost.
self.postMessage('ready');
