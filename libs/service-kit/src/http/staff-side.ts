import type { IncomingMessage } from 'node:http';

const cameIn = new WeakSet<IncomingMessage>();

/** Notes that a request came to the listener that is for staff. */
export const markStaffSide = (request: IncomingMessage): void => void cameIn.add(request);
export const cameByStaffSide = (request: IncomingMessage): boolean => cameIn.has(request);

/** The pages of the staff, by the address of a route or of a request. */
export const isStaffPage = (path: string | undefined): boolean => /^\/admin(?:[/?#]|$)/.test(path ?? '');
