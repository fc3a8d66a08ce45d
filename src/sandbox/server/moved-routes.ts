import type { Fault } from '../faults/faults.ts'
import { matchSegments } from '../route.ts'

interface Endpoint {
  method: string
  path: string
}

const parseRoute = (route: string): Endpoint => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

/** The original method and path of a request to a moved route; undefined for other requests. */
export function originalEndpoint(faults: readonly Fault[], { method, path }: Endpoint): Endpoint | undefined {
  for (const { kind, route, to } of faults) {
    if (kind !== 'move' || to === undefined) continue
    const target = parseRoute(to)
    const params = target.method === method && matchSegments(target.path.split('/'), path.split('/'))
    if (!params) continue
    const original = parseRoute(route)
    const filledPath = original.path.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(params[name] ?? ''),
    )
    return { method: original.method, path: filledPath }
  }
  return undefined
}

/** True if a route is no longer served at its original path. */
export const isMovedAway = (faults: readonly Fault[], route: string): boolean =>
  faults.some((fault) => fault.kind === 'move' && (fault.route === route || fault.route === '*'))
