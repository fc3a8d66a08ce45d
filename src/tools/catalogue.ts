import { closestMatch } from 'leven'
import { toolsets } from '../operations/index.ts'
import type { Effect, Operation } from '../operations/operation.ts'
import { holesOf } from '../session/request.ts'
import { type Settings, SettingsError } from '../settings.ts'
import { toolOf } from './call.ts'
import type { Tool } from './tool.ts'
import { campaignStatus } from './workflows/campaign-status.ts'
import { followRun } from './workflows/follow-run.ts'
import { getOutput } from './workflows/output.ts'
import { status } from './workflows/status.ts'

/** The tools an assistant sees, in reading order, and those that settings keep back. */
export interface Catalogue {
  readonly tools: readonly Tool[]
  /** Tool name -> the setting that withholds it. */
  readonly withheld: ReadonlyMap<string, string>
  /** Products of which a tool is left: nothing is asked of the others. */
  readonly products: ReadonlySet<string>
}

const sets = Object.entries(toolsets) as [string, readonly Operation[]][]
/** Our own tools, with the toolset they go with; the status goes with every one. */
const workflows: readonly (readonly [set: string | undefined, tool: Tool])[] = [
  [undefined, status],
  ['car.runs', followRun],
  ['car.runs', getOutput],
  ['saq.campaigns', campaignStatus],
]

/** Toolset names, the short ones (`car`) included. */
const setNames = [...new Set(sets.flatMap(([name]) => [name.split('.')[0] ?? name, name]))]
const toolNames = [
  ...sets.flatMap(([, operations]) => operations.map(({ name }) => name)),
  ...workflows.map(([, { name }]) => name),
]

function refuseUnknown(env: string, kind: string, given: readonly string[], known: readonly string[]): void {
  const wrong = given.find((name) => !known.includes(name))
  if (wrong === undefined) return
  const near = closestMatch(wrong, known, { maxDistance: Math.max(3, Math.floor(wrong.length / 3)) })
  const advice = near ? `did you mean ${near}?` : `there are ${known.join(', ')}.`
  throw new SettingsError(`${env} names the ${kind} "${wrong.slice(0, 60)}", which does not exist: ${advice}`)
}

/** A path set by hand may only have holes that the tool's arguments fill. */
function refuseUnfilled({ name, input }: Operation, route: string): void {
  const hole = holesOf(route).find((name) => !Object.hasOwn(input, name))
  if (hole === undefined) return
  const known = Object.keys(input).map((name) => `{${name}}`)
  throw new SettingsError(
    `QUALYS_ROUTES has {${hole}} for ${name}, which fills ${known.join(', ') || 'no holes'} only.`,
  )
}

/** Paths that a route stands for. */
const pathsOf = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)

/** In SAQ the path says what is done; and what a bulk call is narrowed by stands in its body, which only POST has. */
function refuseStray(name: string, effect: Effect, route: string): void {
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

/** A path set by hand must not make another thing of a tool: consent and limits go by what the tool is. */
function refuseOther({ name, effect, route: usual }: Operation, route: string): void {
  const method = route.split(' ')[0] ?? ''
  const fits = effect === 'read' ? method === 'GET' || method === 'POST' : method !== 'GET'
  if (!fits)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the method ${method}, which ${effect === 'read' ? 'no reading' : 'no changing'} call has.`,
    )
  refuseStray(name, effect, route)
  const lost = effect === 'read' ? undefined : holesOf(usual).find((hole) => !holesOf(route).includes(hole))
  if (lost !== undefined)
    throw new SettingsError(
      `QUALYS_ROUTES leaves out {${lost}} for ${name}: what it acts on has to be in the path.`,
    )
  const other = sets
    .flatMap(([, operations]) => operations)
    .find(
      (operation) =>
        operation.name !== name &&
        operation.effect !== 'read' &&
        pathsOf(operation.route).test(route.replace(/\/+$/, '')),
    )
  if (other)
    throw new SettingsError(
      `QUALYS_ROUTES gives ${name} the path of ${other.name}: set the right one, or none.`,
    )
}

function checkRoutes(routes: Settings['routes']): void {
  for (const operation of sets.flatMap(([, operations]) => operations)) {
    const route = routes[operation.name]
    if (route === undefined) continue
    refuseUnfilled(operation, route)
    refuseOther(operation, route)
  }
}

/** Which choice of the operator leaves a tool out. */
function leftOutBy(name: string, set: string | undefined, settings: Settings): string | undefined {
  const { excludeTools, toolsets: wantedSets, tools } = settings
  if (excludeTools.includes(name)) return 'QUALYS_EXCLUDE_TOOLS'
  const inSet = wantedSets?.some((wanted) => set === wanted || set?.startsWith(`${wanted}.`))
  if (set === undefined || tools?.includes(name) || inSet || !(tools || wantedSets)) return undefined
  return wantedSets ? 'QUALYS_TOOLSETS' : 'QUALYS_TOOLS'
}

/** Which setting keeps an operation back; undefined when none does. One precedence: the first that applies wins. */
function withholder(operation: Operation, set: string, settings: Settings): string | undefined {
  const { name, effect, evidence } = operation
  const { mode, unverified } = settings
  if (mode === 'read-only' && effect !== 'read') return 'QUALYS_MODE=read-only'
  const by = leftOutBy(name, set, settings)
  if (by !== undefined) return by
  const verified =
    evidence === 'documented' || (unverified !== 'none' && (evidence === 'regular' || effect === 'read'))
  return verified || unverified === 'all' ? undefined : `QUALYS_UNVERIFIED=${unverified}`
}

/** The tools that the settings leave; a name in them that does not exist stops the start. */
export function catalogueOf(settings: Settings): Catalogue {
  refuseUnknown('QUALYS_TOOLSETS', 'toolset', settings.toolsets ?? [], setNames)
  refuseUnknown('QUALYS_TOOLS', 'tool', settings.tools ?? [], toolNames)
  refuseUnknown('QUALYS_EXCLUDE_TOOLS', 'tool', settings.excludeTools, toolNames)
  refuseUnknown('QUALYS_ROUTES', 'tool', Object.keys(settings.routes), toolNames)
  checkRoutes(settings.routes)
  const withheld = new Map<string, string>()
  const ours = workflows.flatMap(([set, tool]) => {
    const by = leftOutBy(tool.name, set, settings)
    if (by !== undefined) withheld.set(tool.name, by)
    return by === undefined ? [tool] : []
  })
  const listed = sets.flatMap(([set, operations]) =>
    operations.filter((operation) => {
      const by = withholder(operation, set, settings)
      if (by !== undefined) withheld.set(operation.name, by)
      return by === undefined
    }),
  )
  const tools = [...ours, ...listed.map(toolOf)]
  return { tools, withheld, products: new Set(tools.map(({ name }) => name.split('_')[0] ?? '')) }
}
