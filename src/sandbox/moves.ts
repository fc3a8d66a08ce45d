import type { Fault } from './faults.ts'
import { fill } from './route.ts'

/** A method and a path. */
interface Place {
  method: string
  path: string
}

const placeOf = (route: string): Place => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path }
}

/** Where a request to the new place of a moved route would have gone before; undefined for any other request. */
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

/** Whether a route is no longer where it was. */
export const isGone = (faults: readonly Fault[], route: string): boolean =>
  faults.some((fault) => fault.kind === 'move' && (fault.route === route || fault.route === '*'))
