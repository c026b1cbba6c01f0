import type { MessageContract, RouteContract } from '@heirloom/contracts';
import { z } from 'zod';

/** A JSON schema, as far as it is compared. */
export type Schema = { readonly [key: string]: unknown };

/** One route or message as it is spoken on the wire. */
export interface Spoken {
  /** What must stay as it is: method and path, or subject and kind, and who may use it. */
  readonly address: string;
  readonly access: string;
  /** What the asking side sends, by place: params, query, body, or the message's input. */
  readonly sent: Readonly<Record<string, Schema>>;
  /** What the answering side sends. */
  readonly answered: Schema;
}

/** All routes and messages of a version by their ids. */
export type Wire = Readonly<Record<string, Spoken>>;

/** What this version speaks, in a form that can be kept and compared with the next one's. */
export function wireOf(routes: readonly RouteContract[], messages: readonly MessageContract[]): Wire {
  const spokenRoutes = routes.map((route) => [
    `route ${route.id}`,
    {
      address: `${route.method} ${route.path} → ${route.status}`,
      access: JSON.stringify(route.access),
      sent: { params: schemaOf(route.params), query: schemaOf(route.query), body: schemaOf(route.body) },
      answered: schemaOf(route.output),
    },
  ]);
  const spokenMessages = messages.map((message) => [
    `message ${message.id}`,
    {
      address: `${message.kind} ${message.subject}`,
      access: JSON.stringify(message.access),
      sent: { input: schemaOf(message.input) },
      answered: schemaOf(message.output),
    },
  ]);
  return Object.fromEntries([...spokenRoutes, ...spokenMessages]) as Wire;
}

/** The encoded side, which is what travels; what has no JSON form (nothing at all) is an empty schema. */
function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
