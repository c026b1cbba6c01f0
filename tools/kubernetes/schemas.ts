import { z } from 'zod';
import type { Manifest } from './render.ts';

/** A compiled validator of kubernetes-models: it answers whether the data fits, and keeps what does not. */
interface Validate {
  (data: unknown): boolean;
  errors?: { instancePath: string; message?: string; keyword: string; params: unknown }[] | null;
}

/** Which schema of Kubernetes' own API describes an object. */
const modelNames: Record<string, string> = {
  'v1/ConfigMap': 'CoreV1ConfigMap',
  'v1/Namespace': 'CoreV1Namespace',
  'v1/PersistentVolumeClaim': 'CoreV1PersistentVolumeClaim',
  'v1/Secret': 'CoreV1Secret',
  'v1/Service': 'CoreV1Service',
  'v1/ServiceAccount': 'CoreV1ServiceAccount',
  'apps/v1/Deployment': 'AppsV1Deployment',
  'autoscaling/v2/HorizontalPodAutoscaler': 'AutoscalingV2HorizontalPodAutoscaler',
  'batch/v1/CronJob': 'BatchV1CronJob',
  'batch/v1/Job': 'BatchV1Job',
  'networking.k8s.io/v1/Ingress': 'NetworkingV1Ingress',
  'networking.k8s.io/v1/NetworkPolicy': 'NetworkingV1NetworkPolicy',
  'policy/v1/PodDisruptionBudget': 'PolicyV1PodDisruptionBudget',
};

const metadata = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const named = z.strictObject({ name: z.string() });
/** As Prometheus writes it. */
const duration = z.string().regex(/^\d+[smhd]$/);
const resources = z.partialRecord(z.enum(['cpu', 'memory']), z.string());

/** The fields of others' resources that are used here, by their operators' references: cloudnative-pg.io, doc.traefik.io, prometheus-operator.dev. */
const customSchemas: Record<string, z.ZodType> = {
  'postgresql.cnpg.io/v1/Cluster': z.strictObject({
    instances: z.int().min(1),
    imageName: z.string(),
    primaryUpdateStrategy: z.enum(['unsupervised', 'supervised']),
    postgresql: z.strictObject({
      synchronous: z.strictObject({ method: z.enum(['any', 'first']), number: z.int().min(1) }).optional(),
      parameters: z.record(z.string(), z.string()),
    }),
    bootstrap: z.strictObject({
      initdb: z.strictObject({ database: z.string(), owner: z.string(), dataChecksums: z.boolean() }),
    }),
    managed: z.strictObject({
      roles: z.array(
        z.strictObject({
          name: z.string(),
          login: z.boolean(),
          passwordSecret: named,
          inRoles: z.array(z.string()).optional(),
        }),
      ),
    }),
    storage: z.strictObject({ size: z.string() }),
    resources: z.strictObject({ requests: resources, limits: resources }),
    affinity: z.strictObject({
      topologyKey: z.string(),
      podAntiAffinityType: z.enum(['preferred', 'required']),
    }),
  }),
  'postgresql.cnpg.io/v1/Database': z.strictObject({
    name: z.string(),
    owner: z.string(),
    cluster: named,
    schemas: z.array(z.strictObject({ name: z.string(), owner: z.string() })),
  }),
  'monitoring.coreos.com/v1/PodMonitor': z.strictObject({
    selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    podMetricsEndpoints: z.array(
      z.strictObject({ port: z.string(), path: z.string(), interval: duration, scrapeTimeout: duration }),
    ),
  }),
  'monitoring.coreos.com/v1/PrometheusRule': z.strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: duration.optional(),
            labels: z.record(z.string(), z.string()),
            annotations: z.record(z.string(), z.string()),
          }),
        ),
      }),
    ),
  }),
  'traefik.io/v1alpha1/TLSOption': z.strictObject({ minVersion: z.enum(['VersionTLS12', 'VersionTLS13']) }),
};

/** Sentences that say what is wrong with an object: a field that is missing, malformed or not known. */
export async function problemsOf(manifest: Manifest): Promise<string[]> {
  const type = `${manifest.apiVersion}/${manifest.kind}`;
  const label = `${manifest.kind} ${manifest.metadata.name}`;
  const custom = customSchemas[type];
  if (custom) {
    const whole = z.strictObject({ apiVersion: z.string(), kind: z.string(), metadata, spec: custom });
    const issues = whole.safeParse(manifest).error?.issues ?? [];
    return issues.map(({ path, message }) => `${label}: /${path.join('/')} ${message}`);
  }
  const name = modelNames[type];
  if (!name) return [`${label}: no schema is known for ${type}`];
  const model = `kubernetes-models/_schemas/IoK8sApi${name}`;
  const { validate } = (await import(model)) as { validate: Validate };
  return validateStrictly(manifest, validate).map((problem) => `${label}: ${problem}`);
}

/**
 * The validators let unknown fields pass. But what they know, they read: a field that no validator has looked at is none
 * that the schema has.
 */
function validateStrictly(data: object, validate: Validate): string[] {
  const unread = new Set<string>();
  validate(watched(data, '', unread));
  const errors = (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
  return [...errors, ...[...unread].map((path) => `${path} is not a field of the schema`)];
}

function watched(value: object, path: string, unread: Set<string>): object {
  for (const key of Object.keys(value)) unread.add(`${path}/${key}`);
  const inner = new Map<string, unknown>();
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return found;
      unread.delete(`${path}/${key}`);
      if (typeof found !== 'object' || found === null) return found;
      // Each part is watched once, also when it is read many times.
      if (!inner.has(key)) inner.set(key, watched(found, `${path}/${key}`, unread));
      return inner.get(key);
    },
  });
}
