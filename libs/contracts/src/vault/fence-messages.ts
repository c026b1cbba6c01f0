import { z } from 'zod';
import { epoch } from '../base/codecs.ts';
import { albumId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { question } from '../base/message.ts';

export const fenceMessages = {
  /**
   * From the answer on, nothing is stored in these albums under the epoch or an earlier one, also not by a request that
   * was let in before. A fence never moves back.
   */
  fenceAlbums: question({
    service: 'vault',
    name: 'fence-albums',
    peers: ['sharing-policy'],
    input: z.object({
      fences: z.array(z.object({ albumId, epoch })).min(1).max(limits.fencesPerRequest),
    }),
    output: z.object({}),
  }),
};
