import type { Settings } from '../../config/settings.ts'
import { placeholdersOf } from '../../session/requests/request.ts'
import { SettingsError } from '../../shared/errors.ts'
import type { ToolManifest } from '../tool.ts'

// QUALYS_ROUTES corrects a guessed path. It must not turn a tool into another one.

/** The manifest of an operation of Qualys. */
type OperationManifest = ToolManifest & { readonly route: string }

const isOperation = (manifest: ToolManifest): manifest is OperationManifest => manifest.route !== undefined

/** A placeholder that a call may leave unfilled: only required arguments are in every one. */
function unfilledFault({ name, schema }: OperationManifest, route: string): string | undefined {
  const inputs = (schema['required'] ?? []) as readonly string[]
  const placeholder = placeholdersOf(route).find((name) => !inputs.includes(name))
  const known = inputs.map((name) => `{${name}}`)
  return placeholder === undefined
    ? undefined
    : `QUALYS_ROUTES has {${placeholder}} for ${name}, which fills ${known.join(', ') || 'no holes'} only.`
}

/** Matches the paths of a route. */
const pathPattern = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)

const saqRead = /^\w+ \/qps\/rest\/(?:[\d.]+\/(?:search|count|get)\/|portal\/version)/

/** A route with another effect than the tool's: consent and limits depend on the tool. */
function effectFault(
  { name, effect, route: ownRoute }: OperationManifest,
  route: string,
  all: readonly OperationManifest[],
): string | undefined {
  const isRead = effect === 'read'
  const method = route.split(' ')[0] ?? ''
  if (isRead ? method !== 'GET' && method !== 'POST' : method === 'GET')
    return `QUALYS_ROUTES gives ${name} the method ${method}, which ${isRead ? 'no reading' : 'no changing'} call has.`
  // In SAQ the path says what is done, and the filter that narrows a bulk call is in the body, so POST is
  // required.
  const isSaq = name.startsWith('saq_')
  if (isSaq && !isRead && !route.startsWith('POST /qps/rest/'))
    return `QUALYS_ROUTES leads ${name} elsewhere: what changes anything in SAQ is POST below /qps/rest/.`
  if (isSaq && isRead && !saqRead.test(route))
    return `QUALYS_ROUTES leads ${name} elsewhere: what reads in SAQ has search, count or get in its path.`
  const kept = placeholdersOf(route)
  const missing = isRead ? undefined : placeholdersOf(ownRoute).find((own) => !kept.includes(own))
  if (missing !== undefined)
    return `QUALYS_ROUTES leaves out {${missing}} for ${name}: what it acts on has to be in the path.`
  const path = route.replace(/\/+$/, '')
  const other = all.find(
    (candidate) =>
      candidate.name !== name && candidate.effect !== 'read' && pathPattern(candidate.route).test(path),
  )
  return other && `QUALYS_ROUTES gives ${name} the path of ${other.name}: set the right one, or none.`
}

/** Throws a SettingsError for a path that does not fit its tool. */
export function checkRoutes(routes: Settings['routes'], manifests: readonly ToolManifest[]): void {
  const operations = manifests.filter(isOperation)
  for (const operation of operations) {
    const route = routes[operation.name]
    if (route === undefined) continue
    const fault = unfilledFault(operation, route) ?? effectFault(operation, route, operations)
    if (fault !== undefined) throw new SettingsError(fault)
  }
}
