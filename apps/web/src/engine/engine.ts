import { mediaEngine } from '../media/media-engine.ts';
import { connectionEngine } from '../shell/connection-engine.ts';
import { familyEngine } from '../family/family-engine.ts';
import { sessionEngine } from '../session/session-engine.ts';
import { timelineEngine } from '../timeline/timeline-engine.ts';
import { uploadsEngine } from '../uploads/uploads-engine.ts';
import { welcomeEngine } from '../welcome/welcome-engine.ts';
import type { EngineContext } from './engine-context.ts';
import { lazily } from './lazily.ts';

/**
 * All that pages may ask of the engine, noun by noun. Each noun's folder has its part; only those that the first screen
 * needs come with the worker itself.
 */
export const engineOf = (context: EngineContext) => ({
  connection: connectionEngine(context),
  session: sessionEngine(context),
  media: mediaEngine(context),
  timeline: timelineEngine(context),
  selection: lazily(async () => (await import('../timeline/selection-engine.ts')).selectionEngine(context)),
  search: lazily(async () => (await import('../search/search-engine.ts')).searchEngine(context)),
  albums: lazily(async () => (await import('../albums/albums-engine.ts')).albumsEngine(context)),
  uploads: lazily(async () => (await import('../uploads/uploads-engine.ts')).uploadsEngine(context)),
  albums: albumsEngine(context),
  uploads: uploadsEngine(context),
  family: familyEngine(context),
  welcome: welcomeEngine(context),
});

export type EngineApi = ReturnType<typeof engineOf>;
