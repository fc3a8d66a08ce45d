import type { BlockedCommands } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import { removeRows } from '../../data/remove-rows.ts'
import { actor, integer, list, nonBlankText } from '../../http/body-schema.ts'
import { badRequest, bareBody, effectEnvelope, partialSuccess, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'
import { languageOf } from './script-rules.ts'

const ids = list(integer(1))
const languageInputs = { languageId: integer(1), commands: nonBlankText, user: actor }
const setInputs = { languageId: integer(1), commandId: integer(1), commands: nonBlankText, user: actor }

/**
 * Changes to the guardrails, for managers. v1 of update and delete identifies by language and is still active
 * (release_2_5_2_api.htm).
 */
export const guardrailChangeRoutes: RouteTable = {
  'POST /sm/v1/block-commands': documented(addCommands, 'configuration'),
  'POST /sm/v2/block-commands/update': documented(updateCommands, 'configuration'),
  'POST /sm/v1/block-commands/update': documented(updateLanguage, 'configuration'),
  'POST /sm/v2/block-commands/delete': documented(deleteCommands, 'configuration'),
  'POST /sm/v1/block-commands/delete': documented(deleteLanguages, 'configuration'),
  'POST /sm/v1/block-assets': documented(blockAssets, 'configuration'),
  'POST /sm/v1/block-assets/delete': documented(
    (call) => unblockIds(call, call.world.store.blockedAssets),
    'configuration',
  ),
  'POST /sm/v1/block-tags': documented(blockTags, 'configuration'),
  'POST /sm/v1/block-tags/delete': documented(
    (call) => unblockIds(call, call.world.store.blockedTags),
    'configuration',
  ),
}

function addCommands(call: Call): Reply {
  const { knobs, store } = call.world
  const { languageId, commands } = readInputs(call, languageInputs, ['languageId', 'commands'])
  const { name, platform } = languageOf(languageId)
  const commandId = Math.max(101, ...store.blockedCommands.map((set) => set.commandId)) + 1
  const set = { languageId, commandId, language: name, platform, commands: parseCommands(commands) }
  const kept = store.blockedCommands.find((one) => one.languageId === languageId)
  store.change(['blocked-commands'], () => {
    if (kept && knobs.addedCommands === 'merged') kept.commands = [...kept.commands, ...set.commands]
    else store.blockedCommands.push(set)
  })
  // The sample answers 201, which is the language id of the other samples.
  return effectEnvelope('Commands Blocked successfully', { id: languageId })
}

function updateCommands(call: Call): Reply {
  const { store } = call.world
  const inputs = readInputs(call, setInputs, ['languageId', 'commandId', 'commands'])
  const set = store.blockedCommands.find(({ commandId }) => commandId === inputs.commandId)
  if (set?.languageId !== inputs.languageId) {
    throw badRequest(`No commands have the id ${inputs.commandId} in language ${inputs.languageId}`)
  }
  const commands = parseCommands(inputs.commands)
  store.change(['blocked-commands'], () => Object.assign(set, { commands }))
  return bareBody('Commands Updated Successfully')
}

/** In v1 a language has one list of commands; the new list replaces it. */
function updateLanguage(call: Call): Reply {
  const { store } = call.world
  const inputs = readInputs(call, languageInputs, ['languageId', 'commands'])
  const [set, ...others] = store.blockedCommands.filter(({ languageId }) => languageId === inputs.languageId)
  if (!set) throw badRequest(`No commands are blocked for language ${inputs.languageId}`)
  const commands = parseCommands(inputs.commands)
  Object.assign(set, { commands })
  removeSets(store, (other) => others.includes(other))
  return bareBody('Commands Updated Successfully')
}

function deleteCommands(call: Call): Reply {
  const { commandIds } = readInputs(call, { commandIds: ids, user: actor }, ['commandIds'])
  return deleteSets(call, 'commandId', commandIds)
}

function deleteLanguages(call: Call): Reply {
  const { languageIds } = readInputs(call, { languageIds: ids, user: actor }, ['languageIds'])
  return deleteSets(call, 'languageId', languageIds)
}

/** Deletes the sets of commands with these ids. Throws if an id has none. */
function deleteSets(call: Call, by: 'commandId' | 'languageId', ids: readonly number[]): Reply {
  const { store } = call.world
  const unknown = ids.filter((id) => !store.blockedCommands.some((set) => set[by] === id))
  if (ids.length === 0) throw badRequest(`${by}s must not be empty`)
  if (unknown.length > 0) throw badRequest(`No commands have the ${by} ${unknown.join(', ')}`)
  removeSets(store, (set) => ids.includes(set[by]))
  return bareBody('Commands Deleted Successfully')
}

function removeSets(store: CarStore, isRemoved: (set: BlockedCommands) => boolean): void {
  store.change(['blocked-commands'], () => removeRows(store.blockedCommands, isRemoved))
}

/** Split at the commas; spaces are kept, as in the vendor's sample. */
function parseCommands(list: string): string[] {
  const commands = list.split(',')
  if (commands.some((command) => command.trim() === '')) throw badRequest('commands must not be empty')
  return commands
}

function blockAssets(call: Call): Reply {
  const { assets, blockedAssets } = call.world.store
  return blockIds(call, blockedAssets, new Set(assets.map(({ id }) => id)))
}

function blockTags(call: Call): Reply {
  const { tags, blockedTags } = call.world.store
  return blockIds(call, blockedTags, new Set(tags.map(({ tagId }) => tagId)))
}

/** Existing ids are blocked, even if they already were. */
function blockIds(call: Call, list: number[], existing: ReadonlySet<number>): Reply {
  const requested = readIds(call)
  const added = [...requested].filter((id) => existing.has(id) && !list.includes(id))
  call.world.store.change([], () => list.push(...added))
  return partialSuccess(requested, existing)
}

function unblockIds(call: Call, list: number[]): Reply {
  const requested = readIds(call)
  const blocked = new Set(list)
  call.world.store.change([], () => removeRows(list, (id) => requested.has(id)))
  return partialSuccess(requested, blocked)
}

function readIds(call: Call): ReadonlySet<number> {
  const { ids: requested } = readInputs(call, { ids, user: actor }, ['ids'])
  if (requested.length === 0) throw badRequest('ids must not be empty')
  return new Set(requested)
}
