import { setTimeout as pause } from 'node:timers/promises'
import type { Service } from './service.ts'

const gauges = ['qualys_mcp_connections', 'qualys_mcp_calls_in_flight'] as const

/** The gauges that are not 0. */
async function openIn(port: number | undefined): Promise<readonly string[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return gauges.flatMap((name) => {
    const [, value] = new RegExp(`^${name} (\\d+)$`, 'm').exec(text) ?? []
    return value === '0' ? [] : [`${name} is ${value}`]
  })
}

/**
 * What a service still has open so long after its clients are gone: connections, or calls that nobody waits for.
 * Undefined once there is nothing. The service needs QUALYS_METRICS_PORT.
 */
export async function leftOpen({ metricsPort }: Service, patienceMs: number): Promise<string | undefined> {
  const deadline = performance.now() + patienceMs
  for (let open = await openIn(metricsPort); open.length > 0; open = await openIn(metricsPort)) {
    if (performance.now() > deadline) return `clients are gone, but ${open.join(', ')}`
    await pause(100)
  }
  return undefined
}
