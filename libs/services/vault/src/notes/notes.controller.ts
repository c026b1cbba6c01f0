import { rowOf } from '@heirloom/access';
import { notesRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { abilityTo, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Notes } from './notes.ts';

@Controller()
export class NotesController {
  constructor(private readonly notes: Notes) {}

  @OnRoute(notesRoutes.writeNotes)
  async write(
    { body: { libraryId, notes } }: RouteInput<typeof notesRoutes.writeNotes>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof notesRoutes.writeNotes>> {
    const ability = await abilityTo('update', rowOf('Note', { libraryId }), context);
    return { results: await this.notes.write(libraryId, notes, context.person, ability) };
  }
}
