import type { Settings } from '../../config/settings.ts'
import { placeholdersOf } from '../../session/requests/request.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { ToolManifest } from '../tool.ts'

// QUALYS_ROUTES corrects a guessed path. It must not turn a tool into another one.

/** The manifest of an operation of Qualys. */
type OperationManifest = ToolManifest & { readonly route: string }

const isOperation = (manifest: ToolManifest): manifest is OperationManifest => manifest.route !== undefined

/** Refuses a placeholder that no argument of the tool fills. */
function refuseUnfilledPlaceholder({ name, schema }: OperationManifest, route: string): void {
  const inputs = Object.keys((schema['properties'] ?? {}) as object)
  const placeholder = placeholdersOf(route).find((name) => !inputs.includes(name))
  if (placeholder === undefined) return
  const known = inputs.map((name) => `{${name}}`)
  throw new SettingsError(
    `QUALYS_ROUTES has {${placeholder}} for ${name}, which fills ${known.join(', ') || 'no holes'} only.`,
  )
}

/** Matches the paths of a route. */
const pathPattern = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)

/**
 * In SAQ the path says what is done, and the filter that narrows a bulk call is in the body, so POST is
 * required.
 */
function refuseOtherSaqAction({ name, effect }: OperationManifest, route: string): void {
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
function refuseOtherEffect(
  manifest: OperationManifest,
  route: string,
  all: readonly OperationManifest[],
): void {
  const { name, effect, route: ownRoute } = manifest
  const method = route.split(' ')[0] ?? ''
  const isMethodAllowed = effect === 'read' ? method === 'GET' || method === 'POST' : method !== 'GET'
  if (!isMethodAllowed)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the method ${method}, which ${effect === 'read' ? 'no reading' : 'no changing'} call has.`,
    )
  refuseOtherSaqAction(manifest, route)
  const missing =
    effect === 'read'
      ? undefined
      : placeholdersOf(ownRoute).find((placeholder) => !placeholdersOf(route).includes(placeholder))
  if (missing !== undefined)
    throw new SettingsError(
      `QUALYS_ROUTES leaves out {${missing}} for ${name}: what it acts on has to be in the path.`,
    )
  const other = all.find(
    (candidate) =>
      candidate.name !== name &&
      candidate.effect !== 'read' &&
      pathPattern(candidate.route).test(route.replace(/\/+$/, '')),
  )
  if (other)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the path of ${other.name}: set the right one, or none.`,
    )
}

/** Throws a SettingsError for a path that does not fit its tool. */
export function checkRoutes(routes: Settings['routes'], manifests: readonly ToolManifest[]): void {
  const operations = manifests.filter(isOperation)
  for (const operation of operations) {
    const route = routes[operation.name]
    if (route === undefined) continue
    refuseUnfilledPlaceholder(operation, route)
    refuseOtherEffect(operation, route, operations)
  }
}
