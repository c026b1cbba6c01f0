import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { MessageContract, RouteContract, ServiceName } from '@heirloom/contracts';
import { routeOfMethod } from '../http/on-route.ts';
import { messageOfMethod } from '../messages/message-metadata.ts';

export interface Contracts {
  readonly routes: readonly RouteContract[];
  readonly messages: readonly MessageContract[];
}

interface Method {
  readonly label: string;
  readonly method: object;
}

/** Where Nest keeps what its own decorators say. */
const nestPath = 'path';
const nestPattern = 'microservices:pattern';

/**
 * Holds a service's controllers against the contracts: each route and message that the service must handle is handled
 * exactly once, by a method that is bound to it, and nothing else is.
 *
 * @throws Error with a sentence for each difference
 */
export function checkHandlers(
  app: INestApplicationContext,
  service: ServiceName,
  contracts: Contracts,
): void {
  const methods = methodsOf(app);
  const problems = [
    ...undeclared(methods),
    ...checkRoutes(methods, service, contracts),
    ...checkMessages(methods, service, contracts),
  ];
  if (problems.length === 0) return;
  throw new Error(
    `The service ${service} does not match its contracts.\n${problems.map((p) => `  - ${p}`).join('\n')}`,
  );
}

function methodsOf(app: INestApplicationContext): Method[] {
  const discovery = new DiscoveryService(app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ instance, name }) => {
    const controller = instance as Record<string, object>;
    return scanner
      .getAllMethodNames(Object.getPrototypeOf(controller) as object)
      .map((key) => ({ label: `${String(name)}.${key}`, method: controller[key]! }));
  });
}

const undeclared = (methods: readonly Method[]): string[] =>
  methods.flatMap(({ label, method }) => {
    const route = Reflect.hasMetadata(nestPath, method) && !routeOfMethod(method);
    const message = Reflect.hasMetadata(nestPattern, method) && !messageOfMethod(method);
    return route || message
      ? [
          `${label} answers without a contract, so nobody declared who may call it. Bind it by OnRoute or OnMessage.`,
        ]
      : [];
  });

function checkRoutes(methods: readonly Method[], service: ServiceName, { routes }: Contracts): string[] {
  const handled = methods.flatMap(({ label, method }) => {
    const contract = routeOfMethod(method);
    return contract ? [{ label, contract }] : [];
  });
  const foreign = handled.filter(
    ({ contract }) => contract.service !== service || !routes.includes(contract),
  );
  const expected = routes.filter((route) => route.service === service);
  return [
    ...foreign.map(
      ({ label, contract }) =>
        `${label} handles ${contract.id}, which is not a declared route of this service.`,
    ),
    ...twice(routes.map(({ method, path }) => `${method} ${path}`)).map(
      (address) => `${address} is declared twice.`,
    ),
    ...expected.flatMap((contract) =>
      countProblem(
        contract.id,
        handled.filter((h) => h.contract === contract).map((h) => h.label),
      ),
    ),
  ];
}

function checkMessages(methods: readonly Method[], service: ServiceName, { messages }: Contracts): string[] {
  const handled = methods.flatMap(({ label, method }) => {
    const contract = messageOfMethod(method);
    return contract ? [{ label, contract }] : [];
  });
  const mine = (contract: MessageContract): boolean =>
    contract.kind === 'question' ? contract.service === service : contract.peers.includes(service);
  const foreign = handled.filter(({ contract }) => !mine(contract) || !messages.includes(contract));
  return [
    ...foreign.map(
      ({ label, contract }) =>
        `${label} handles ${contract.id}, which is not declared to reach this service.`,
    ),
    ...twice(messages.map(({ subject }) => subject)).map((subject) => `${subject} is declared twice.`),
    ...messages.filter(mine).flatMap((contract) =>
      countProblem(
        contract.id,
        handled.filter((h) => h.contract === contract).map((h) => h.label),
      ),
    ),
  ];
}

function countProblem(id: string, labels: readonly string[]): string[] {
  if (labels.length === 1) return [];
  return [
    labels.length === 0 ? `${id} has no handler.` : `${id} has more than one handler: ${labels.join(', ')}.`,
  ];
}

const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];
