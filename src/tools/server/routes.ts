import type { Settings } from '../../config/settings.ts'
import { holesOf } from '../../session/requests/request.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { Listing } from '../tool.ts'

// QUALYS_ROUTES corrects a guessed path. It must not turn a tool into another one.

/** The listing of an operation of Qualys. */
type Routed = Listing & { readonly route: string }

const isRouted = (listing: Listing): listing is Routed => listing.route !== undefined

/** Refuses a placeholder that no argument of the tool fills. */
function refuseUnfilled({ name, schema }: Routed, route: string): void {
  const inputs = Object.keys((schema['properties'] ?? {}) as object)
  const hole = holesOf(route).find((name) => !inputs.includes(name))
  if (hole === undefined) return
  const known = inputs.map((name) => `{${name}}`)
  throw new SettingsError(
    `QUALYS_ROUTES has {${hole}} for ${name}, which fills ${known.join(', ') || 'no holes'} only.`,
  )
}

/** Matches the paths of a route. */
const pathsOf = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)

/**
 * In SAQ the path says what is done, and the filter that narrows a bulk call is in the body, so POST is
 * required.
 */
function refuseStray({ name, effect }: Routed, route: string): void {
  if (!name.startsWith('saq_')) return
  if (effect !== 'read' && !route.startsWith('POST /qps/rest/'))
    throw new SettingsError(
      `QUALYS_ROUTES leads ${name} elsewhere: what changes anything in SAQ is POST below /qps/rest/.`,
    )
  if (
    effect === 'read' &&
    !/^\w+ \/qps\/rest\/(?:[\d.]+\/(?:search|count|get)\/|portal\/version)/.test(route)
  )
    throw new SettingsError(
      `QUALYS_ROUTES leads ${name} elsewhere: what reads in SAQ has search, count or get in its path.`,
    )
}

/** Refuses a route with another effect than the tool's: consent and limits depend on the tool. */
function refuseOther(listing: Routed, route: string, all: readonly Routed[]): void {
  const { name, effect, route: usual } = listing
  const method = route.split(' ')[0] ?? ''
  const fits = effect === 'read' ? method === 'GET' || method === 'POST' : method !== 'GET'
  if (!fits)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the method ${method}, which ${effect === 'read' ? 'no reading' : 'no changing'} call has.`,
    )
  refuseStray(listing, route)
  const lost = effect === 'read' ? undefined : holesOf(usual).find((hole) => !holesOf(route).includes(hole))
  if (lost !== undefined)
    throw new SettingsError(
      `QUALYS_ROUTES leaves out {${lost}} for ${name}: what it acts on has to be in the path.`,
    )
  const other = all.find(
    (one) => one.name !== name && one.effect !== 'read' && pathsOf(one.route).test(route.replace(/\/+$/, '')),
  )
  if (other)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the path of ${other.name}: set the right one, or none.`,
    )
}

/** Throws a SettingsError for a path that does not fit its tool. */
export function checkRoutes(routes: Settings['routes'], listings: readonly Listing[]): void {
  const operations = listings.filter(isRouted)
  for (const operation of operations) {
    const route = routes[operation.name]
    if (route === undefined) continue
    refuseUnfilled(operation, route)
    refuseOther(operation, route, operations)
  }
}
