import type { Address, KitConfig } from '../config/kit-config.ts';
import { ConfigError } from '../config/read-config.ts';
import type { Listener } from '../http/listener.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';

/** Where a process listens. */
export interface Ports {
  readonly port: number;
  readonly staffPort: number | undefined;
  readonly metricsPort: number | undefined;
  readonly metricsListener: MetricsListener | undefined;
}

/** @throws ConfigError with the setting that names an address which cannot be listened on */
export async function listenEverywhere(
  listener: Listener,
  registry: MetricsRegistry,
  { listenHost, port, staff, metrics }: KitConfig,
): Promise<Ports> {
  const everybody = { host: listenHost, port };
  const names = { host: 'HEIRLOOM_LISTEN_HOST', port: 'HEIRLOOM_PORT' };
  const main = await explained(everybody, names, () => listener.listen(listenHost, port));
  try {
    return { port: main, ...(await listenApart(listener, registry, staff, metrics)) };
  } catch (error) {
    await listener.drain(0);
    throw error;
  }
}

async function listenApart(
  listener: Listener,
  registry: MetricsRegistry,
  staff: Address | undefined,
  metrics: Address | undefined,
): Promise<Omit<Ports, 'port'>> {
  const staffNames = { host: 'HEIRLOOM_STAFF_HOST', port: 'HEIRLOOM_STAFF_PORT' };
  const staffPort =
    staff && (await explained(staff, staffNames, () => listener.listenForStaff(staff.host, staff.port)));
  if (!metrics) return { staffPort, metricsPort: undefined, metricsListener: undefined };
  registry.addProcess();
  const metricsListener = new MetricsListener(registry);
  const metricsNames = { host: 'HEIRLOOM_METRICS_HOST', port: 'HEIRLOOM_METRICS_PORT' };
  const metricsPort = await explained(metrics, metricsNames, () =>
    metricsListener.listen(metrics.host, metrics.port),
  );
  return { staffPort, metricsPort, metricsListener };
}

async function explained(
  { host, port }: Address,
  names: { host: string; port: string },
  listen: () => Promise<number>,
): Promise<number> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new ConfigError([
        `${names.port}: another program listens on port ${port} of ${host} already. Stop it or choose another port.`,
      ]);
    }
    if (code === 'EACCES')
      throw new ConfigError([
        `${names.port}: this user may not listen on port ${port}. Choose one above 1023.`,
      ]);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new ConfigError([`${names.host}: ${host} is not an address of this machine.`]);
    }
    throw error;
  }
}
