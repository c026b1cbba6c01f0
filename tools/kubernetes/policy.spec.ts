import { beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@heirloom/contracts';
import { containersOf, workloadsOf, type Workload } from './pods.ts';
import { overlays, render, type Manifest } from './render.ts';

interface Selector {
  matchLabels?: Record<string, string>;
}

/** The services and the pages' server. */
const deployments = [...serviceNames, 'web'];

describe.each(overlays)('the overlay %s', (overlay) => {
  let manifests: Manifest[];
  let workloads: Workload[];
  const all = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  const named = (kind: string): string[] => all(kind).map(({ metadata }) => metadata.name);
  const containers = () => workloads.flatMap(({ pod }) => containersOf(pod));

  beforeAll(() => {
    manifests = render(overlay);
    workloads = workloadsOf(manifests);
  });

  it('runs all services, each with a Service, an account, a migration, a budget and at least two pods', () => {
    const wanted = [...serviceNames].sort();
    const served = [...deployments].sort();
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler']) {
      expect({ kind, names: named(kind).sort() }).toEqual({ kind, names: served });
    }
    expect(named('Job').sort()).toEqual(wanted.map((name) => `${name}-migrate`));
    expect(named('ServiceAccount')).toEqual(expect.arrayContaining(served));
    for (const { spec } of all('HorizontalPodAutoscaler')) {
      expect((spec as { minReplicas: number }).minReplicas).toBeGreaterThanOrEqual(2);
    }
  });

  it('lets one pod of a service go at a time, and spreads them over machines and zones', () => {
    for (const name of deployments) {
      const labels = workloads.find(
        ({ manifest }) => manifest.kind === 'Deployment' && manifest.metadata.name === name,
      )!;
      const budget = all('PodDisruptionBudget').find(({ metadata }) => metadata.name === name)!.spec as {
        selector: Selector;
        maxUnavailable: number;
      };
      expect(budget.maxUnavailable).toBe(1);
      expect(labels.labels).toMatchObject(budget.selector.matchLabels!);
      const keys = labels.pod.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey);
      expect(keys).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
      const { strategy } = labels.manifest.spec as {
        strategy: { rollingUpdate: { maxUnavailable: number } };
      };
      expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
    }
  });

  it('keeps to the restricted Pod Security profile, with a root file system that nobody writes to', () => {
    const labels = all('Namespace')[0]!.metadata.labels;
    expect(labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(
      manifests.every(({ kind, metadata }) => kind === 'Namespace' || metadata.namespace === 'heirloom'),
    ).toBe(true);
    for (const { pod, manifest } of workloads) {
      expect({ of: manifest.metadata.name, ...pod.securityContext }).toMatchObject({
        of: manifest.metadata.name,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.securityContext?.['runAsUser']).toBeGreaterThan(0);
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const volume of pod.volumes ?? []) {
        const [type] = Object.keys(volume).filter((key) => key !== 'name');
        expect(['secret', 'emptyDir', 'persistentVolumeClaim', 'configMap']).toContain(type);
      }
      expect(pod).not.toHaveProperty('hostNetwork');
      expect(pod).not.toHaveProperty('hostPID');
    }
    for (const container of containers()) {
      expect({ of: container.name, ...container.securityContext }).toEqual({
        of: container.name,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const { automountServiceAccountToken } of all('ServiceAccount')) {
      expect(automountServiceAccountToken).toBe(false);
    }
  });

  it('gives each service an account of its own', () => {
    const accounts = workloads
      .filter(({ manifest }) => manifest.kind === 'Deployment')
      .map(({ pod }) => pod.serviceAccountName);
    expect([...accounts].sort()).toEqual([...deployments].sort());
    expect(named('ServiceAccount')).toEqual(
      expect.arrayContaining(workloads.map((w) => w.pod.serviceAccountName)),
    );
  });

  it('asks for processor and memory, and limits memory, everywhere', () => {
    for (const { name, resources } of containers()) {
      expect({ name, ...resources }).toMatchObject({
        name,
        requests: { cpu: expect.stringMatching(/^\d+m?$/), memory: expect.stringMatching(/^\d+[MG]i$/) },
        limits: { memory: expect.stringMatching(/^\d+[MG]i$/) },
      });
    }
  });

  it('names every image by a version', () => {
    const images = [
      ...containers().map(({ image }) => image),
      ...all('Cluster').map(({ spec }) => (spec as { imageName: string }).imageName),
    ];
    expect(images.length).toBeGreaterThan(8);
    for (const image of images) {
      expect(image).toMatch(/^[\w./-]+:\d+\.\d+[\w.-]*$/);
      expect(image).not.toMatch(/latest/);
    }
  });

  it('knows of each service when it has started, lives and can serve, and lets it end in peace', () => {
    for (const { manifest, pod } of workloads.filter((w) => w.manifest.kind === 'Deployment')) {
      const [container] = pod.containers;
      expect({ of: manifest.metadata.name, ...container }).toMatchObject({
        // The pages have no database.
        startupProbe: {
          httpGet: {
            path: manifest.metadata.name === 'web' ? '/health/live' : '/health/started',
            port: 'http',
          },
        },
        livenessProbe: { httpGet: { path: '/health/live', port: 'http' } },
        readinessProbe: { httpGet: { path: '/health/ready', port: 'http' } },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
      });
      // Waiting for the ingress, then for requests, jobs and messages in turn, 10 s each at most.
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + 3 * 10);
    }
  });

  it('can repeat every migration, and makes new pods wait for it', () => {
    for (const name of serviceNames) {
      const job = workloads.find(
        ({ manifest }) => manifest.kind === 'Job' && manifest.metadata.name === `${name}-migrate`,
      )!;
      expect(job.pod.containers.map(({ args }) => args)).toEqual([['migrate']]);
      const deployment = workloads.find(
        (w) => w.manifest.kind === 'Deployment' && w.manifest.metadata.name === name,
      )!;
      expect(deployment.pod.initContainers?.map(({ args }) => args)).toEqual([['await-migrations']]);
      const images = containersOf(deployment.pod).map(({ image }) => image);
      expect(new Set([...images, job.pod.containers[0]!.image]).size).toBe(1);
    }
  });

  it('holds no secret in clear', () => {
    expect(named('Secret')).toEqual([]);
    const literals = [
      ...containers().flatMap(({ env = [] }) => env.map(({ name, value }) => [name, value] as const)),
      ...all('ConfigMap').flatMap(({ data }) => Object.entries(data as Record<string, string>)),
    ];
    for (const [name, value] of literals) {
      if (value === undefined) continue;
      expect(name).not.toMatch(/PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL|REDIS_URL|OPAQUE/);
      expect(value).not.toMatch(/\/\/[^/\s]*:[^/\s]*@/);
    }
  });

  it('speaks TLS 1.3 alone at the way in, one prefix for each service', async () => {
    const { servicePrefix } = await import('@heirloom/contracts');
    const [ingress] = all('Ingress');
    const spec = ingress!.spec as {
      tls: { hosts: string[] }[];
      rules: { host: string; http: { paths: { path: string; backend: { service: { name: string } } }[] } }[];
    };
    const paths = spec.rules[0]!.http.paths.map(({ path, backend }) => [backend.service.name, path]);
    expect(Object.fromEntries(paths)).toEqual({ ...servicePrefix, web: '/' });
    expect(spec.tls[0]!.hosts).toEqual([spec.rules[0]!.host]);
    const annotations = (ingress!.metadata as { annotations?: Record<string, string> }).annotations!;
    const options = all('TLSOption')[0]!;
    expect(annotations['traefik.ingress.kubernetes.io/router.tls.options']).toBe(
      `heirloom-${options.metadata.name}@kubernetescrd`,
    );
    expect(options.spec).toEqual({ minVersion: 'VersionTLS13' });
  });
});
