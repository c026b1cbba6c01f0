import { Controller } from '@nestjs/common';
import { fenceMessages, type MessageInput, type MessageOutput } from '@heirloom/contracts';
import { OnMessage } from '@heirloom/service-kit';
import { AlbumFences } from './album-fences.ts';

@Controller()
export class AlbumFencesController {
  constructor(private readonly fences: AlbumFences) {}

  @OnMessage(fenceMessages.fenceAlbums)
  async hold({
    fences,
  }: MessageInput<typeof fenceMessages.fenceAlbums>): Promise<
    MessageOutput<typeof fenceMessages.fenceAlbums>
  > {
    await this.fences.hold(fences);
    return {};
  }
}
