export { startHome, type Home, type HomeOptions } from './home.ts';
