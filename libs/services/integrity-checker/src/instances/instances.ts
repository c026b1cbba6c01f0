import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { limits, serviceNames, type Instance, type Pulse, type ServiceName } from '@heirloom/contracts';
import { StaffEvents } from '../events/staff-events.ts';

type Heard = Omit<Instance, 'state'>;

/** More than any installation has; somebody who makes up instances must not fill the memory. */
const mostInstances = 1_000;

/** Every instance of every service, as it said itself how it is. In memory: whoever is alive says it again soon. */
@Injectable()
export class Instances implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #heard = new Map<string, Heard>();
  #watch: NodeJS.Timeout | undefined;
  #seen = '';

  constructor(private readonly events: StaffEvents) {}

  onApplicationBootstrap(): void {
    this.#watch = setInterval(() => this.#tellChanges(), limits.pulseMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#watch);
  }

  hear(service: ServiceName, { isLeaving, ...pulse }: Pulse): void {
    if (isLeaving) this.#heard.delete(pulse.instance);
    else if (this.#heard.has(pulse.instance) || this.#heard.size < mostInstances) {
      this.#heard.set(pulse.instance, { ...pulse, service, heardAt: new Date() });
    }
    this.#tellChanges();
  }

  /** By service, then by start. */
  list(): Instance[] {
    const now = Date.now();
    const order = ({ service, startedAt }: Heard) =>
      serviceNames.indexOf(service) * 1e15 + startedAt.getTime();
    this.#forgetOld(now);
    return [...this.#heard.values()]
      .sort((a, b) => order(a) - order(b))
      .map((heard) => ({ ...heard, state: stateOf(heard, now) }));
  }

  /** Services of which nobody is heard. */
  missing(): ServiceName[] {
    const heard = new Set(
      this.list()
        .filter(({ state }) => state !== 'silent')
        .map(({ service }) => service),
    );
    return serviceNames.filter((name) => !heard.has(name));
  }

  #forgetOld(now: number): void {
    for (const [id, { heardAt }] of this.#heard)
      if (now - heardAt.getTime() > limits.instanceKeptMs) this.#heard.delete(id);
  }

  /** Numbers change all the time; pages are told of who is there and how they are. */
  #tellChanges(): void {
    const seen = this.list()
      .map(({ instance, state, parts }) => [instance, state, ...parts.map(({ problem }) => problem)].join())
      .join(';');
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.events.tell(['instances']);
  }
}

function stateOf({ heardAt, parts }: Heard, now: number): Instance['state'] {
  if (now - heardAt.getTime() > limits.pulseSilentMs) return 'silent';
  return parts.every(({ problem }) => problem === null) ? 'up' : 'unwell';
}
