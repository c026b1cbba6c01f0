import type { ServiceName } from '@heirloom/contracts';

export interface SystemLocation {
  id: string;
  path: string;
}

/** The booted product, whichever way it runs. Specs use nothing else, so the same flows run in both topologies. */
export interface System extends AsyncDisposable {
  readonly topology: TopologyName;
  /** What a client is given as --server. */
  readonly address: string;
  readonly locations: readonly SystemLocation[];
  /** The folder that holds all data of this system. */
  readonly dataFolder: string;
  /** A superuser's connection to the services' database. */
  databaseUrl(): Promise<string>;
  /** The seed that auth signs access tokens with, base64url. */
  tokenKey(): Promise<string>;
  /** What makes somebody the operator, once. */
  setupToken(): Promise<string>;
  /** kill -9 of the process that runs the service. */
  crash(service: ServiceName): Promise<void>;
  /** Starts what is not running. `env` changes settings of whoever knows them, from this start on. */
  start(env?: Record<string, string>): Promise<void>;
  /** The most memory that the process which runs the service has had resident, in bytes. */
  peakBytes(service: ServiceName): Promise<number>;
  /** Bytes that the process that runs the service has read since it started. */
  readBytes(service: ServiceName): Promise<number>;
}

export type TopologyName = 'home' | 'cluster';

export interface SystemOptions {
  /** Settings on top of the topology's own. */
  env?: Record<string, string>;
  /** In a cluster: so many processes of each service, behind a real nginx. */
  instances?: number;
}
