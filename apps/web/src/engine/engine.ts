import { mediaEngine } from '../media/media-engine.ts';
import { connectionEngine } from '../shell/connection-engine.ts';
import { sessionEngine } from '../session/session-engine.ts';
import { timelineEngine } from '../timeline/timeline-engine.ts';
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
  lightbox: lazily(async () => (await import('../lightbox/lightbox-engine.ts')).lightboxEngine(context)),
  trash: lazily(async () => (await import('../trash/trash-engine.ts')).trashEngine(context)),
  uploads: lazily(async () => (await import('../uploads/uploads-engine.ts')).uploadsEngine(context)),
  family: lazily(async () => (await import('../family/family-engine.ts')).familyEngine(context)),
  welcome: lazily(async () => (await import('../welcome/welcome-engine.ts')).welcomeEngine(context)),
  safety: lazily(async () => (await import('../safety/safety-engine.ts')).safetyEngine(context)),
  devices: lazily(async () => (await import('../safety/devices-engine.ts')).devicesEngine(context)),
  activity: lazily(async () => (await import('../activity/activity-engine.ts')).activityEngine(context)),
  notices: lazily(async () => (await import('../notices/notices-engine.ts')).noticesEngine(context)),
  settings: lazily(async () => (await import('../settings/settings-engine.ts')).settingsEngine(context)),
});

export type EngineApi = ReturnType<typeof engineOf>;
