import type { BlockedCommands } from '../../data/car/rows.ts'
import type { Store } from '../../data/car/store.ts'
import { doer, list, type Shape, whole, words } from '../../http/body-schema.ts'
import { badRequest, bodyAlone, done, processed, type Reply } from '../../http/reply.ts'
import { type Call, documented, type Route, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { languageOf } from './script-rules.ts'

const ids = list(whole(1))

/**
 * The configuration pages. v1 of update and delete identifies by language and is still active
 * (release_2_5_2_api.htm).
 */
export const guardrailInputs = {
  'POST /sm/v1/block-commands': { languageId: whole(1), commands: words, user: doer },
  'POST /sm/v2/block-commands/update': {
    languageId: whole(1),
    commandId: whole(1),
    commands: words,
    user: doer,
  },
  'POST /sm/v1/block-commands/update': { languageId: whole(1), commands: words, user: doer },
  'POST /sm/v2/block-commands/delete': { commandIds: ids, user: doer },
  'POST /sm/v1/block-commands/delete': { languageIds: ids, user: doer },
  'POST /sm/v1/block-assets': { ids, user: doer },
  'POST /sm/v1/block-assets/delete': { ids, user: doer },
  'POST /sm/v1/block-tags': { ids, user: doer },
  'POST /sm/v1/block-tags/delete': { ids, user: doer },
} satisfies Record<string, Shape>

type Inputs = typeof guardrailInputs

/** Changes to the guardrails, for managers. */
export function guardrailChangeRoutes(world: World): RouteTable {
  const { store } = world
  const handlers: Record<keyof Inputs, Route['handle']> = {
    'POST /sm/v1/block-commands': (call) => commandsAdded(world, call),
    'POST /sm/v2/block-commands/update': (call) => commandsUpdated(world, call),
    'POST /sm/v1/block-commands/update': (call) => languageUpdated(world, call),
    'POST /sm/v2/block-commands/delete': (call) => commandsDeleted(world, call),
    'POST /sm/v1/block-commands/delete': (call) => languagesDeleted(world, call),
    'POST /sm/v1/block-assets': (call) =>
      blocked(
        world,
        call,
        store.blockedAssets,
        store.assets.map(({ id }) => id),
      ),
    'POST /sm/v1/block-assets/delete': (call) => unblocked(world, call, store.blockedAssets),
    'POST /sm/v1/block-tags': (call) =>
      blocked(
        world,
        call,
        store.blockedTags,
        store.tags.map(({ tagId }) => tagId),
      ),
    'POST /sm/v1/block-tags/delete': (call) => unblocked(world, call, store.blockedTags),
  }
  return Object.fromEntries(
    Object.entries(handlers).map(([key, handle]) => [key, documented(handle, 'configuration')]),
  )
}

function commandsAdded(world: World, call: Call): Reply {
  const { store } = world
  const shape = guardrailInputs['POST /sm/v1/block-commands']
  const { languageId, commands } = readInputs(world, call, shape, ['languageId', 'commands'])
  const { name, platform } = languageOf(languageId)
  const commandId = Math.max(101, ...store.blockedCommands.map((set) => set.commandId)) + 1
  const set = { languageId, commandId, language: name, platform, commands: commandsIn(commands) }
  store.change(['blocked-commands'], () => store.blockedCommands.push(set))
  // The sample answers 201, which is the language id of the other samples.
  return done('Commands Blocked successfully', { id: languageId })
}

function commandsUpdated(world: World, call: Call): Reply {
  const { store } = world
  const shape = guardrailInputs['POST /sm/v2/block-commands/update']
  const inputs = readInputs(world, call, shape, ['languageId', 'commandId', 'commands'])
  const set = store.blockedCommands.find(({ commandId }) => commandId === inputs.commandId)
  if (set?.languageId !== inputs.languageId) {
    throw badRequest(`No commands have the id ${inputs.commandId} in language ${inputs.languageId}`)
  }
  const commands = commandsIn(inputs.commands)
  store.change(['blocked-commands'], () => Object.assign(set, { commands }))
  return bodyAlone('Commands Updated Successfully')
}

/** In v1 a language has one list of commands; the new list replaces it. */
function languageUpdated(world: World, call: Call): Reply {
  const shape = guardrailInputs['POST /sm/v1/block-commands/update']
  const inputs = readInputs(world, call, shape, ['languageId', 'commands'])
  const [set, ...others] = world.store.blockedCommands.filter(
    ({ languageId }) => languageId === inputs.languageId,
  )
  if (!set) throw badRequest(`No commands are blocked for language ${inputs.languageId}`)
  const commands = commandsIn(inputs.commands)
  Object.assign(set, { commands })
  remove(world, others)
  return bodyAlone('Commands Updated Successfully')
}

function commandsDeleted(world: World, call: Call): Reply {
  const shape = guardrailInputs['POST /sm/v2/block-commands/delete']
  const { commandIds } = readInputs(world, call, shape, ['commandIds'])
  remove(world, setsOf(world.store, 'commandId', commandIds))
  return bodyAlone('Commands Deleted Successfully')
}

function languagesDeleted(world: World, call: Call): Reply {
  const shape = guardrailInputs['POST /sm/v1/block-commands/delete']
  const { languageIds } = readInputs(world, call, shape, ['languageIds'])
  remove(world, setsOf(world.store, 'languageId', languageIds))
  return bodyAlone('Commands Deleted Successfully')
}

/** The sets of commands with these ids. Throws if an id has none. */
function setsOf({ blockedCommands }: Store, by: 'commandId' | 'languageId', ids: readonly number[]) {
  const unknown = ids.filter((id) => !blockedCommands.some((set) => set[by] === id))
  if (ids.length === 0) throw badRequest(`${by}s must not be empty`)
  if (unknown.length > 0) throw badRequest(`No commands have the ${by} ${unknown.join(', ')}`)
  return blockedCommands.filter((set) => ids.includes(set[by]))
}

function remove({ store }: World, sets: readonly BlockedCommands[]): void {
  const kept = store.blockedCommands.filter((set) => !sets.includes(set))
  store.change(['blocked-commands'], () =>
    store.blockedCommands.splice(0, store.blockedCommands.length, ...kept),
  )
}

/** Split at the commas; spaces are kept, as in the vendor's own sample. */
function commandsIn(list: string): string[] {
  const commands = list.split(',')
  if (commands.some((command) => command.trim() === '')) throw badRequest('commands must not be empty')
  return commands
}

/** Existing ids are blocked, even if they already were. */
function blocked(world: World, call: Call, list: number[], existing: readonly number[]): Reply {
  const given = readIds(world, call)
  const all = new Set(existing)
  const known = given.filter((id) => all.has(id))
  const unknown = given.filter((id) => !all.has(id))
  world.store.change([], () => list.push(...known.filter((id) => !list.includes(id))))
  return processed(known, unknown)
}

function unblocked(world: World, call: Call, list: number[]): Reply {
  const given = readIds(world, call)
  const known = given.filter((id) => list.includes(id))
  const kept = list.filter((id) => !known.includes(id))
  const unknown = given.filter((id) => !list.includes(id))
  world.store.change([], () => list.splice(0, list.length, ...kept))
  return processed(known, unknown)
}

function readIds(world: World, call: Call): number[] {
  const { ids: given } = readInputs(world, call, { ids, user: doer }, ['ids'])
  if (given.length === 0) throw badRequest('ids must not be empty')
  return [...new Set(given)]
}
