import { onTestFinished } from 'vitest'
import { type ListenerOptions, type Listeners, openListeners } from '../../../src/service/network/listener.ts'
import { type Line, recordedLog } from './log.ts'

/** Time-outs that tests can wait for. */
export const shortTimeouts = { headers: 200, request: 400, check: 50 }

/** Listeners that answer `ok`, and are closed after the test. */
export async function openService(
  options: Partial<ListenerOptions> = {},
): Promise<Listeners & { readonly lines: readonly Line[] }> {
  const { log, lines } = recordedLog()
  const listeners = await openListeners({
    host: '127.0.0.1',
    port: 0,
    maxConnections: 100,
    onRequest: (_req, res) => void res.end('ok'),
    log,
    ...options,
  })
  onTestFinished(() => listeners.close())
  return { ...listeners, lines }
}
