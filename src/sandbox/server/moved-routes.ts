import type { Fault } from '../faults/faults.ts'
import { fill } from '../http/route.ts'

interface Place {
  method: string
  path: string
}

const placeOf = (route: string): Place => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

/** The old method and path of a request to a moved route; undefined for other requests. */
export function before(faults: readonly Fault[], { method, path }: Place): Place | undefined {
  for (const { kind, route, to } of faults) {
    if (kind !== 'move' || to === undefined) continue
    const there = placeOf(to)
    const params = there.method === method && fill(there.path.split('/'), path.split('/'))
    if (!params) continue
    const old = placeOf(route)
    const filled = old.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''))
    return { method: old.method, path: filled }
  }
  return undefined
}

/** True if a route is no longer served at its old path. */
export const isGone = (faults: readonly Fault[], route: string): boolean =>
  faults.some((fault) => fault.kind === 'move' && (fault.route === route || fault.route === '*'))
