import type { DynamicModule } from '@nestjs/common';
import type { ServiceName } from '@heirloom/contracts';
import type { z } from 'zod';
import type { KitConfig } from '../config/kit-config.ts';

export interface ServiceContext<C> {
  readonly name: ServiceName;
  /** The service's own settings, checked and frozen. */
  readonly config: Readonly<C>;
  readonly kit: KitConfig;
}

export interface ServiceDefinition<C extends z.ZodObject = z.ZodObject> {
  readonly name: ServiceName;
  /** A zod object whose keys are names in the environment; `.describe()` says what each should be. */
  readonly config: C;
  /** The service's Postgres schema. */
  readonly schema: string;
  /** Where its migrations lie, for example `new URL('../prisma/migrations/', import.meta.url)`. */
  readonly migrations: URL;
  /** Makes each secret among the settings, once, where nobody else provides it. */
  readonly secrets?: Readonly<Record<string, () => string>>;
  /** The Nest module with the controllers and providers of this service. Bus, Jobs and the rest of the kit can be injected in it. */
  module(context: ServiceContext<z.output<C>>): DynamicModule;
}

/** Gives a service's definition its types. */
export const defineService = <C extends z.ZodObject>(definition: ServiceDefinition<C>): ServiceDefinition =>
  // A list of services holds them with different configurations; each is only ever given its own.
  definition as unknown as ServiceDefinition;

/** HEIRLOOM_SHARING_POLICY_ of sharing-policy: what its own settings begin with. */
export const settingPrefixOf = (service: ServiceName): string =>
  `HEIRLOOM_${service.toUpperCase().replaceAll('-', '_')}_`;
export const databaseSettingOf = (service: ServiceName): string => `${settingPrefixOf(service)}DATABASE_URL`;
