export { homeSettings } from './settings.ts';
export { checkHome } from './check.ts';
export { startHome, type Home, type HomeOptions } from './home.ts';
