import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, servicePrefix } from '@heirloom/contracts';
import { kitSettings, readConfig, readKitConfig, refuseUnknownSettings } from '@heirloom/service-kit';
import { composeFiles, secretMakers, services } from '@heirloom/setup';
import { parse } from 'yaml';

const docker = join(import.meta.dirname, '../../docker');
const text = (name: string): string => readFileSync(join(docker, name), 'utf8');

interface ComposeService {
  image: string;
  build?: { args: { APP: string } };
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  privileged?: boolean;
  network_mode?: string;
  ports?: string[];
  networks?: string[];
  secrets?: string[];
  volumes?: string[];
  command?: string[];
  environment?: Record<string, string>;
}
interface Compose {
  services: Record<string, ComposeService>;
  networks?: Record<string, { internal?: boolean }>;
  secrets?: Record<string, { file: string }>;
  volumes?: Record<string, unknown>;
}
/** With `<<` as compose merges it. */
const readCompose = (name: string): Compose => parse(text(name), { merge: true }) as Compose;

const secrets = Object.fromEntries(Object.entries(secretMakers()).map(([name, make]) => [name, make()]));
/** What `setup compose` puts into docker/secrets. */
const files: Record<string, string> = { ...secrets, ...composeFiles(secrets) };

/** The environment that a container's program sees, with `${NAME:-default}` and files of secrets resolved. */
function environmentOf({ environment = {}, secrets: given = [] }: ComposeService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, raw]) => {
      const value = raw.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
      if (!name.endsWith('_FILE')) return [name, value];
      const secret = value.replace('/run/secrets/', '');
      expect(given).toContain(secret);
      expect(Object.keys(files)).toContain(secret);
      return [name.slice(0, -'_FILE'.length), files[secret]!];
    }),
  );
}

describe('the Dockerfile', () => {
  const stages = text('Dockerfile').split(/^FROM /m);
  const final = stages.at(-1)!;

  it('ends in a stage without npm, that runs as an ordinary user and says whether it is alive', () => {
    expect(final).toMatch(/^\$\{BASE_IMAGE\}$/m);
    expect(final).not.toMatch(/\bnpm\b|apt-get/);
    expect(final).toMatch(/^USER 1000:1000$/m);
    expect(final).toMatch(/^HEALTHCHECK .*CMD \["node", "\/app\/health.mjs"\]$/m);
    expect(final).toMatch(/^ENTRYPOINT \["node", /m);
    expect(final.match(/^EXPOSE .*$/gm)).toEqual(['EXPOSE 8080']);
  });

  it('takes no secret as an argument, and only images with a version', () => {
    const args = [...text('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    expect([...new Set(args)].sort()).toEqual(['APP', 'BASE_IMAGE', 'NODE_IMAGE', 'VERSION']);
    for (const [, image] of text('Dockerfile').matchAll(/^ARG \w+_IMAGE=(.+)$/gm))
      expect(image).toMatch(/^[\w/]+:[\w.-]+$/);
    expect(text('Dockerfile')).not.toMatch(/:latest/);
  });

  it('is built of nothing that was not named: everything else stays outside', () => {
    const lines = readFileSync(join(docker, '../.dockerignore'), 'utf8').split('\n');
    expect(lines.filter((line) => line && !line.startsWith('#'))[0]).toBe('*');
    for (const kept of lines.filter((line) => line.startsWith('!')))
      expect(kept).not.toMatch(/data|secret|\.env|\.git/);
  });
});

describe.each(['compose.yaml', 'compose.cluster.yaml'])('%s', (name) => {
  const compose = readCompose(name);
  const entries = Object.entries(compose.services);

  it('confines every container', () => {
    for (const [service, container] of entries) {
      expect({ service, ...container }).toMatchObject({
        service,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.stringMatching(/^\d+[mg]$/),
        pids_limit: expect.any(Number),
        image: expect.stringMatching(/^[\w./-]+:v?\d[\w.-]*$/),
      });
      expect(container.privileged).toBeUndefined();
      expect(container.network_mode).toBeUndefined();
      if (container.image.startsWith('heirloom/'))
        expect([service, container.user]).toEqual([service, '1000:1000']);
      if (service !== 'postgres') expect([service, container.cap_add]).toEqual([service, undefined]);
    }
  });

  it('opens one way in', () => {
    expect(entries.flatMap(([, { ports = [] }]) => ports)).toHaveLength(1);
  });

  it('holds no secret, and hands over each to those alone who name it', () => {
    for (const [, { environment = {} }] of entries) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL|REDIS_URL|OPAQUE|ADMIN_URL/.test(variable)) {
          expect([variable, value]).toEqual([
            expect.stringMatching(/_FILE$/),
            expect.stringMatching(/^\/run\/secrets\//),
          ]);
        }
      }
    }
    const given = entries.flatMap(([, container]) => container.secrets ?? []);
    expect([...new Set(given)].sort()).toEqual(Object.keys(compose.secrets ?? {}).sort());
    for (const [secret, { file }] of Object.entries(compose.secrets ?? {})) {
      expect(file).toBe(`\${HEIRLOOM_SECRETS:-./secrets}/${secret}`);
      if (!secret.startsWith('tls.')) expect(Object.keys(files)).toContain(secret);
    }
  });
});

describe('the services in compose.cluster.yaml', () => {
  const compose = readCompose('compose.cluster.yaml');

  it.each(services.map((service) => [service.name, service] as const))(
    'give %s all that it needs, and nothing that it does not know',
    (name, service) => {
      const container = compose.services[name]!;
      const env = environmentOf(container);
      expect(readKitConfig(env)).toMatchObject({ transport: { kind: 'nats' }, jobs: { kind: 'redis' } });
      expect(() => readConfig(service.config, env)).not.toThrow();
      const known = [kitSettings, service.config].flatMap((shape) => Object.keys(shape.shape));
      expect(() => refuseUnknownSettings(known, env)).not.toThrow();
      expect(container.build?.args.APP).toBe(name);
      expect(Object.keys(environmentOf(compose.services[`${name}-migrate`]!))).toEqual([
        expect.stringMatching(/_DATABASE_URL$/),
      ]);
      const others = serviceNames.filter((other) => other !== name);
      expect(
        container.secrets!.filter((secret) => others.some((other) => secret.startsWith(`${other}-`))),
      ).toEqual([]);
    },
  );

  it('have no way out, and integrity-checker cannot write to a location', () => {
    const open = Object.entries(compose.networks!).filter(([, network]) => !network.internal);
    expect(open.map(([network]) => network)).toEqual(['edge']);
    const outside = Object.entries(compose.services).filter(([, { networks = [] }]) =>
      networks.includes('edge'),
    );
    expect(outside.map(([service]) => service)).toEqual(['proxy']);
    expect(compose.services['integrity-checker']!.volumes).toEqual(
      compose.services['vault']!.volumes!.map((volume) => `${volume}:ro`),
    );
  });

  it('are behind their prefixes in nginx.conf, which speaks TLS 1.3 alone', () => {
    const nginx = text('nginx.conf');
    for (const [service, prefix] of Object.entries(servicePrefix)) {
      expect(nginx).toMatch(new RegExp(`~\\^${prefix}/\\s+${service};`));
    }
    expect(nginx.match(/^\s*ssl_protocols .*$/gm)?.map((line) => line.trim())).toEqual([
      'ssl_protocols TLSv1.3;',
    ]);
  });
});
