import {
  authMessages,
  libraryMessages,
  policyMessages,
  standingMessages,
  type MessageContract,
  type ServiceName,
} from '@heirloom/contracts';
import { defineService, type ServiceDefinition } from '@heirloom/service-kit';
import { Module, type Type } from '@nestjs/common';
import { z } from 'zod';

/** What services below the vault are held against: they have no routes here. */
export const messagesOnly = {
  routes: [],
  messages: [authMessages, policyMessages, standingMessages, libraryMessages].flatMap((group) =>
    Object.values<MessageContract>(group),
  ),
};

/** A service without a database. */
export function smallService(name: ServiceName, controller: Type): ServiceDefinition {
  @Module({})
  class SmallModule {}
  return defineService({
    name,
    config: z.object({}),
    schema: 'none',
    migrations: new URL('./none/', import.meta.url),
    module: () => ({ module: SmallModule, controllers: [controller] }),
  });
}
