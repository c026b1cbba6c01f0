import { Controller } from '@nestjs/common';
import {
  integrityStaffRoutes,
  nudgeMessages,
  type MessageInput,
  type ServiceName,
  type StaffTopic,
} from '@heirloom/contracts';
import { EventStream, Leaving, OnMessage, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { StaffEvents } from './staff-events.ts';

type Nudge = MessageInput<(typeof nudgeMessages)[ServiceName]>;

@Controller()
export class EventsController {
  constructor(
    private readonly events: StaffEvents,
    private readonly leaving: Leaving,
  ) {}

  @OnRoute(integrityStaffRoutes.events)
  async read(_input: object, context: RequestContext): Promise<void> {
    const waiting = new Set<StaffTopic>();
    let isSlow = false;
    const flush = () => {
      if (isSlow || waiting.size === 0) return;
      const topics = [...waiting];
      waiting.clear();
      if (stream.send({ topics })) return;
      isSlow = true;
      stream.onceDrained(() => {
        isSlow = false;
        flush();
      });
    };
    const unsubscribe = this.events.subscribe((topics) => {
      for (const topic of topics) waiting.add(topic);
      flush();
    });
    const stream = new EventStream(context, this.leaving.signal);
    await stream.ended;
    unsubscribe();
  }

  @OnMessage(nudgeMessages.auth)
  auth({ topics }: Nudge): void {
    this.events.tell(topics);
  }

  @OnMessage(nudgeMessages.vault)
  vault({ topics }: Nudge): void {
    this.events.tell(topics);
  }

  @OnMessage(nudgeMessages['sharing-policy'])
  sharingPolicy({ topics }: Nudge): void {
    this.events.tell(topics);
  }

  @OnMessage(nudgeMessages['integrity-checker'])
  integrityChecker({ topics }: Nudge): void {
    this.events.tell(topics);
  }
}
