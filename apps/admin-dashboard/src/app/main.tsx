import './without-eval.ts';
import '@heirloom/ui/theme.css';
import './dense.css';

// Schemas are made when their modules are loaded, so what has them comes after.
const { start } = await import('./start.tsx');
await start();
