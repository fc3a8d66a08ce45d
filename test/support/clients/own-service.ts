import type { ServerCommand } from './host.ts'
import type { Address } from './http-peers.ts'
import { bearerOf, type Service, startService } from './service.ts'

const caller = 'assistant'

/** A service with one caller who may also ask for effects. */
export interface OwnService extends Address {
  readonly service: Service
}

/** Starts a service for one client, and ends it when `use` is done. */
export async function withService<T>(
  server: ServerCommand,
  use: (own: OwnService) => Promise<T>,
): Promise<T> {
  const service = await startService({ server, callers: { [caller]: { role: ['operator'] } } })
  try {
    return await use({ service, url: service.url, authorization: bearerOf(caller) })
  } finally {
    await service.stop()
  }
}
