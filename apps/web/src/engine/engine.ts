import { albumsEngine } from '../albums/albums-engine.ts';
import { mediaEngine } from '../media/media-engine.ts';
import { connectionEngine } from '../shell/connection-engine.ts';
import { sessionEngine } from '../session/session-engine.ts';
import { timelineEngine } from '../timeline/timeline-engine.ts';
import { uploadsEngine } from '../uploads/uploads-engine.ts';
import type { EngineContext } from './engine-context.ts';

/** All that pages may ask of the engine, noun by noun. Each noun's folder has its part. */
export const engineOf = (context: EngineContext) => ({
  connection: connectionEngine(context),
  session: sessionEngine(context),
  media: mediaEngine(context),
  timeline: timelineEngine(context),
  albums: albumsEngine(context),
  uploads: uploadsEngine(context),
});

export type EngineApi = ReturnType<typeof engineOf>;
