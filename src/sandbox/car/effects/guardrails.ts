import type { BlockedCommands } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import { actor, type BodySchema, integer, list, nonBlankText } from '../../http/body-schema.ts'
import { badRequest, bareBody, effectEnvelope, partialSuccess, type Reply } from '../../http/reply.ts'
import { type Call, documented, type Route, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { languageOf } from './script-rules.ts'

const ids = list(integer(1))

/**
 * The configuration pages. v1 of update and delete identifies by language and is still active
 * (release_2_5_2_api.htm).
 */
export const guardrailInputs = {
  'POST /sm/v1/block-commands': { languageId: integer(1), commands: nonBlankText, user: actor },
  'POST /sm/v2/block-commands/update': {
    languageId: integer(1),
    commandId: integer(1),
    commands: nonBlankText,
    user: actor,
  },
  'POST /sm/v1/block-commands/update': { languageId: integer(1), commands: nonBlankText, user: actor },
  'POST /sm/v2/block-commands/delete': { commandIds: ids, user: actor },
  'POST /sm/v1/block-commands/delete': { languageIds: ids, user: actor },
  'POST /sm/v1/block-assets': { ids, user: actor },
  'POST /sm/v1/block-assets/delete': { ids, user: actor },
  'POST /sm/v1/block-tags': { ids, user: actor },
  'POST /sm/v1/block-tags/delete': { ids, user: actor },
} satisfies Record<string, BodySchema>

type Inputs = typeof guardrailInputs

/** Changes to the guardrails, for managers. */
export function guardrailChangeRoutes(world: World): RouteTable {
  const { store } = world
  const handlers: Record<keyof Inputs, Route['handle']> = {
    'POST /sm/v1/block-commands': (call) => addCommands(world, call),
    'POST /sm/v2/block-commands/update': (call) => updateCommands(world, call),
    'POST /sm/v1/block-commands/update': (call) => updateLanguage(world, call),
    'POST /sm/v2/block-commands/delete': (call) => deleteCommands(world, call),
    'POST /sm/v1/block-commands/delete': (call) => deleteLanguages(world, call),
    'POST /sm/v1/block-assets': (call) =>
      blockIds(
        world,
        call,
        store.blockedAssets,
        store.assets.map(({ id }) => id),
      ),
    'POST /sm/v1/block-assets/delete': (call) => unblockIds(world, call, store.blockedAssets),
    'POST /sm/v1/block-tags': (call) =>
      blockIds(
        world,
        call,
        store.blockedTags,
        store.tags.map(({ tagId }) => tagId),
      ),
    'POST /sm/v1/block-tags/delete': (call) => unblockIds(world, call, store.blockedTags),
  }
  return Object.fromEntries(
    Object.entries(handlers).map(([key, handle]) => [key, documented(handle, 'configuration')]),
  )
}

function addCommands(world: World, call: Call): Reply {
  const { store } = world
  const schema = guardrailInputs['POST /sm/v1/block-commands']
  const { languageId, commands } = readInputs(world, call, schema, ['languageId', 'commands'])
  const { name, platform } = languageOf(languageId)
  const commandId = Math.max(101, ...store.blockedCommands.map((set) => set.commandId)) + 1
  const set = { languageId, commandId, language: name, platform, commands: parseCommands(commands) }
  store.change(['blocked-commands'], () => store.blockedCommands.push(set))
  // The sample answers 201, which is the language id of the other samples.
  return effectEnvelope('Commands Blocked successfully', { id: languageId })
}

function updateCommands(world: World, call: Call): Reply {
  const { store } = world
  const schema = guardrailInputs['POST /sm/v2/block-commands/update']
  const inputs = readInputs(world, call, schema, ['languageId', 'commandId', 'commands'])
  const set = store.blockedCommands.find(({ commandId }) => commandId === inputs.commandId)
  if (set?.languageId !== inputs.languageId) {
    throw badRequest(`No commands have the id ${inputs.commandId} in language ${inputs.languageId}`)
  }
  const commands = parseCommands(inputs.commands)
  store.change(['blocked-commands'], () => Object.assign(set, { commands }))
  return bareBody('Commands Updated Successfully')
}

/** In v1 a language has one list of commands; the new list replaces it. */
function updateLanguage(world: World, call: Call): Reply {
  const schema = guardrailInputs['POST /sm/v1/block-commands/update']
  const inputs = readInputs(world, call, schema, ['languageId', 'commands'])
  const [set, ...others] = world.store.blockedCommands.filter(
    ({ languageId }) => languageId === inputs.languageId,
  )
  if (!set) throw badRequest(`No commands are blocked for language ${inputs.languageId}`)
  const commands = parseCommands(inputs.commands)
  Object.assign(set, { commands })
  removeSets(world, others)
  return bareBody('Commands Updated Successfully')
}

function deleteCommands(world: World, call: Call): Reply {
  const schema = guardrailInputs['POST /sm/v2/block-commands/delete']
  const { commandIds } = readInputs(world, call, schema, ['commandIds'])
  removeSets(world, setsOf(world.store, 'commandId', commandIds))
  return bareBody('Commands Deleted Successfully')
}

function deleteLanguages(world: World, call: Call): Reply {
  const schema = guardrailInputs['POST /sm/v1/block-commands/delete']
  const { languageIds } = readInputs(world, call, schema, ['languageIds'])
  removeSets(world, setsOf(world.store, 'languageId', languageIds))
  return bareBody('Commands Deleted Successfully')
}

/** The sets of commands with these ids. Throws if an id has none. */
function setsOf({ blockedCommands }: CarStore, by: 'commandId' | 'languageId', ids: readonly number[]) {
  const unknown = ids.filter((id) => !blockedCommands.some((set) => set[by] === id))
  if (ids.length === 0) throw badRequest(`${by}s must not be empty`)
  if (unknown.length > 0) throw badRequest(`No commands have the ${by} ${unknown.join(', ')}`)
  return blockedCommands.filter((set) => ids.includes(set[by]))
}

function removeSets({ store }: World, sets: readonly BlockedCommands[]): void {
  const remaining = store.blockedCommands.filter((set) => !sets.includes(set))
  store.change(['blocked-commands'], () =>
    store.blockedCommands.splice(0, store.blockedCommands.length, ...remaining),
  )
}

/** Split at the commas; spaces are kept, as in the vendor's sample. */
function parseCommands(list: string): string[] {
  const commands = list.split(',')
  if (commands.some((command) => command.trim() === '')) throw badRequest('commands must not be empty')
  return commands
}

/** Existing ids are blocked, even if they already were. */
function blockIds(world: World, call: Call, list: number[], existing: readonly number[]): Reply {
  const requested = readIds(world, call)
  const all = new Set(existing)
  const validIds = requested.filter((id) => all.has(id))
  const invalidIds = requested.filter((id) => !all.has(id))
  world.store.change([], () => list.push(...validIds.filter((id) => !list.includes(id))))
  return partialSuccess(validIds, invalidIds)
}

function unblockIds(world: World, call: Call, list: number[]): Reply {
  const requested = readIds(world, call)
  const validIds = requested.filter((id) => list.includes(id))
  const remaining = list.filter((id) => !validIds.includes(id))
  const invalidIds = requested.filter((id) => !list.includes(id))
  world.store.change([], () => list.splice(0, list.length, ...remaining))
  return partialSuccess(validIds, invalidIds)
}

function readIds(world: World, call: Call): number[] {
  const { ids: requested } = readInputs(world, call, { ids, user: actor }, ['ids'])
  if (requested.length === 0) throw badRequest('ids must not be empty')
  return [...new Set(requested)]
}
