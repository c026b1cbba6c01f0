import { AppError, type DeviceId } from '@heirloom/contracts';
import type { HttpContext } from '../http/request-context.ts';

/** The requests that are being served for somebody right now, so that they can be cut off. */
export class OpenRequests {
  readonly #open = new Map<DeviceId, Set<HttpContext>>();

  add(deviceId: DeviceId, context: HttpContext): void {
    const requests = this.#open.get(deviceId) ?? new Set();
    this.#open.set(deviceId, requests);
    requests.add(context);
    context.reply.raw.once('close', () => {
      requests.delete(context);
      if (requests.size === 0 && this.#open.get(deviceId) === requests) this.#open.delete(deviceId);
    });
  }

  cutDevice(deviceId: DeviceId): void {
    for (const context of this.#open.get(deviceId) ?? []) context.cut(new AppError('device-revoked'));
  }

  cutAll(reason: () => AppError): void {
    for (const requests of this.#open.values()) for (const context of requests) context.cut(reason());
  }
}
