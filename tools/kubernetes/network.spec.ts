import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  allMessages,
  question,
  serviceNames,
  type MessageContract,
  type ServiceName,
} from '@heirloom/contracts';
import { natsPermissions } from '@heirloom/service-kit';
import { z } from 'zod';
import { workloadsOf } from './pods.ts';
import { overlays, render, type Manifest } from './render.ts';

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: 'In'; values: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number; protocol: string }[];
}
interface Policy {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

const selects = (
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Record<string, string>,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''));

/** Servers that come from charts and operators, by the labels which those give to their pods. */
const servers = {
  postgres: { 'cnpg.io/cluster': 'postgres' },
  nats: { 'app.kubernetes.io/name': 'nats' },
  valkey: { 'app.kubernetes.io/name': 'valkey' },
} as const;

/** Who may ask whom over NATS, as contracts say it. */
function conversations(messages: readonly MessageContract[]): Record<string, string[]> {
  const pairs = messages
    .filter(({ kind }) => kind === 'question')
    .flatMap(({ service, peers }) => peers.map((peer) => [peer, service] as const));
  return Object.fromEntries(
    serviceNames.map((name) => [
      name,
      [...new Set(pairs.filter(([asker]) => asker === name).map(([, answerer]) => answerer))].sort(),
    ]),
  );
}
const agreed = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../k8s/who-asks-whom.json'), 'utf8'),
) as Record<string, string[]>;

describe('who asks whom', () => {
  it('is what k8s/who-asks-whom.json says: a service that begins to ask another one needs a line there', () => {
    expect(conversations(allMessages)).toEqual(agreed);
    const more = question({
      service: 'integrity-checker',
      name: 'anything-new',
      peers: ['auth'],
      input: z.object({}),
      output: z.object({}),
    });
    expect(conversations([...allMessages, more])).not.toEqual(agreed);
  });

  it('is what NATS lets them: a service may send its own messages and hear those to it, and nothing else', () => {
    const permissions = natsPermissions(allMessages);
    for (const message of allMessages) {
      const { kind, service, peers, subject } = message;
      const [senders, hearers]: [readonly ServiceName[], readonly ServiceName[]] =
        kind === 'question' ? [peers, [service]] : [[service], peers];
      for (const name of serviceNames) {
        expect([name, subject, permissions[name].publish.includes(subject)]).toEqual([
          name,
          subject,
          senders.includes(name),
        ]);
        expect([name, subject, permissions[name].subscribe.includes(subject)]).toEqual([
          name,
          subject,
          hearers.includes(name),
        ]);
      }
    }
    const known = new Set(allMessages.map(({ subject }) => subject));
    for (const name of serviceNames) {
      const { publish, subscribe } = permissions[name];
      expect(publish.filter((subject) => !known.has(subject))).toEqual([]);
      expect(subscribe.filter((subject) => !known.has(subject))).toEqual([`_INBOX_${name}.>`]);
    }
  });
});

describe.each(overlays)('the network of the overlay %s', (overlay) => {
  let manifests: Manifest[];
  const policies = () =>
    manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy);
  const labelsOf = (name: string) =>
    workloadsOf(manifests).find(({ manifest }) => manifest.metadata.name === name)!.labels;
  /** Whether a pod may open a connection: out of the one and into the other, both have to allow it. */
  const mayConnect = (from: Record<string, string>, to: Record<string, string>, port: number): boolean => {
    const matches = (peers: Peer[] | undefined, labels: Record<string, string>) =>
      !peers ||
      peers.some(
        ({ podSelector, namespaceSelector }) =>
          !namespaceSelector && podSelector && selects(podSelector, labels),
      );
    const opens = (rule: Rule) => rule.ports.some((open) => open.port === port);
    const out = policies().some(
      ({ podSelector, egress = [] }) =>
        selects(podSelector, from) && egress.some((rule) => opens(rule) && matches(rule.to, to)),
    );
    const into = policies().some(
      ({ podSelector, ingress = [] }) =>
        selects(podSelector, to) && ingress.some((rule) => opens(rule) && matches(rule.from, from)),
    );
    return out && into;
  };

  beforeAll(() => {
    manifests = render(overlay);
  });

  it('denies by default, in both directions', () => {
    expect(policies()).toContainEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('lets no service speak to another directly, whatever the port', () => {
    const ports = [8080, 9464, 5432, 4222, 6379, 443];
    for (const from of [...serviceNames, 'web']) {
      for (const to of [...serviceNames, 'web']) {
        const open = ports.filter((port) => mayConnect(labelsOf(from), labelsOf(to), port));
        expect({ from, to, open }).toEqual({ from, to, open: [] });
      }
    }
  });

  it('lets every service that has something to say or hear reach NATS, and all of them their database and jobs', () => {
    const permissions = natsPermissions(allMessages);
    for (const name of serviceNames) {
      const { publish, subscribe } = permissions[name];
      const isTalking = publish.length + subscribe.length > 1;
      expect({ name, nats: mayConnect(labelsOf(name), servers.nats, 4222) }).toEqual({
        name,
        nats: isTalking,
      });
      expect(mayConnect(labelsOf(name), servers.postgres, 5432)).toBe(true);
      expect(mayConnect(labelsOf(name), servers.valkey, 6379)).toBe(true);
    }
  });

  it('lets the pages reach nothing at all', () => {
    for (const server of Object.values(servers)) {
      const open = [5432, 4222, 6379].filter((port) => mayConnect(labelsOf('web'), server, port));
      expect({ server, open }).toEqual({ server, open: [] });
    }
  });

  it('lets migrations and backups reach Postgres alone', () => {
    for (const name of [...serviceNames.map((service) => `${service}-migrate`), 'postgres-backup']) {
      const labels = labelsOf(name);
      expect({ name, postgres: mayConnect(labels, servers.postgres, 5432) }).toEqual({
        name,
        postgres: true,
      });
      expect(mayConnect(labels, servers.nats, 4222)).toBe(false);
      expect(mayConnect(labels, servers.valkey, 6379)).toBe(false);
      for (const service of serviceNames) expect(mayConnect(labels, labelsOf(service), 8080)).toBe(false);
    }
  });

  it('opens services to the ingress controller alone, and their metrics to Prometheus alone', () => {
    const entries = policies().filter(
      ({ podSelector, ingress }) => ingress && selects(podSelector, labelsOf('vault')),
    );
    const opened = entries.flatMap(({ ingress = [] }) => ingress);
    const to = (wanted: number) =>
      opened
        .filter(({ ports }) => ports.some(({ port }) => port === wanted))
        .flatMap(({ from = [{}] }) => from);
    const metricsPort = 9464;
    expect(new Set(opened.flatMap(({ ports }) => ports.map(({ port }) => port)))).toEqual(
      new Set(overlay === 'production' ? [8080, metricsPort] : [8080]),
    );
    expect(to(metricsPort)).toEqual(
      overlay === 'production'
        ? [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
            },
          ]
        : [],
    );
    expect(to(8080)).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'traefik' } },
      },
    ]);
  });
});
