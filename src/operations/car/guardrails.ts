import { z } from 'zod'
import { filter, id, idNumber, ids, isText, oneRecord, recordId } from '../fields.ts'
import { type Effect, type Input, operation } from '../operation.ts'
import { counted } from '../sentences.ts'
import { searchAssets, searchAssetTags } from './assets.ts'
import { listScriptLanguages } from './scripts.ts'
import { addedCommandsState, deletedCommandsState, replacedCommandsState } from './states/commands.ts'
import { idsState } from './states/ids.ts'

export const searchBlockedCommands = operation({
  name: 'car_search_blocked_commands',
  title: 'Search blocked commands',
  description:
    'The commands no new script may hold, one row per language; blocked assets and tags cannot be listed',
  route: 'POST /sm/v1/block-commands/search',
  effect: 'read',
  evidence: 'documented',
  source:
    'car/release-notes/car/release_2_5_2_api.htm names the path; POST by the convention of all CAR searches',
  input: { filter: filter('languageId:201 (tokens not public)') },
  returns: 'rows',
  paging: { kind: 'pageNumber' },
  record: z.looseObject({
    languageId: recordId,
    commandId: recordId.optional(),
    language: z.string().optional(),
    platform: z.string().optional(),
    // Qualys splits "runas, Get-Service" at the comma and keeps the space.
    commands: z.array(z.string().transform((command) => command.trim())),
  }),
  columns: ['commandId', 'languageId', 'language', 'platform', 'commands'],
  retired: [{ route: 'GET /sm/v1/block-commands/{id}', endOfLife: '2026-06' }],
})

const fromLanguages = 'from car_list_script_languages'
const fromBlocked = '(commandId) from car_search_blocked_commands'
const recoverCommands = 'compare with car_search_blocked_commands'

const language = {
  ids: ({ languageId }: { readonly languageId: string }) => [languageId],
  list: listScriptLanguages,
  fields: ['name'],
  optional: true,
} as const

/** The wire separates them by commas (add_blocked_commands), so no command may contain one. */
const commands = z
  .array(
    z
      .string({ error: 'must be a command' })
      .regex(/\S/, { error: 'must not be empty' })
      .refine((command) => !/[,\r\n]/.test(command), {
        error: 'must be one line without a comma, which Qualys parts commands by; block the parts',
      })
      .max(500, { error: 'must be at most 500 characters' })
      .refine(isText, { error: 'must be text, not bytes' }),
    { error: 'must be a list of commands' },
  )
  .min(1, { error: 'must hold at least one command' })
  .max(100, { error: 'must hold at most 100 commands' })

/** The commands in the row of a set; undefined if it shows none in the documented form. */
export function commandsOf(row: Input | undefined): readonly string[] | undefined {
  const list = row?.['commands']
  const isList = Array.isArray(list) && list.every((command) => typeof command === 'string')
  return isList ? list.map((command) => command.trim()) : undefined
}

/** The commands of a stored set that the new ones leave out; undefined if the stored ones cannot be read. */
export function fallenCommands(
  stored: Input | undefined,
  commands: readonly string[],
): readonly string[] | undefined {
  const kept = new Set(commands.map((command) => command.trim()))
  return commandsOf(stored)?.filter((command) => !kept.has(command))
}

/** `body` is a plain sentence (configuration pages). */
const sentence = z.looseObject({ message: z.string().optional() })

export const addBlockedCommands = operation({
  name: 'car_add_blocked_commands',
  title: 'Block commands',
  description:
    'Refuse new scripts of a language that hold one of these commands; scripts that exist keep running',
  route: 'POST /sm/v1/block-commands',
  effect: 'create',
  evidence: 'documented',
  source: 'car/api/configuration/add_blocked_commands.htm, release_2_5_2_api.htm',
  input: { languageId: id(fromLanguages), commands },
  references: { language },
  request: ({ languageId, commands }) => ({
    body: { languageId: idNumber(languageId), commands: commands.join(',') },
  }),
  ...oneRecord(z.looseObject({ id: recordId.optional() })),
  change: {
    targets: ({ languageId, commands }) => ({
      product: 'car',
      languages: [languageId],
      newCommands: commands,
      bulkSize: commands.length,
    }),
    quiets: () => true,
    changedList: searchBlockedCommands,
    newState: (input, record, lists, shown) =>
      addedCommandsState(input, record, searchBlockedCommands, lists, shown),
    summary: (_, { languageId, commands }) =>
      `${counted(commands.length, 'command')} blocked for language ${languageId}`,
    recovery: recoverCommands,
  },
})

/** True if a stored command is left out. Spelling counts: how Qualys compares commands is not documented. */
const mayFall = (stored: Input | undefined, commands: readonly string[]): boolean =>
  fallenCommands(stored, commands)?.length !== 0

export const updateBlockedCommands = operation({
  name: 'car_update_blocked_commands',
  title: 'Change blocked commands',
  description: 'Replace one set of blocked commands by another; commands left out are allowed again',
  route: 'POST /sm/v2/block-commands/update',
  effect: 'update',
  evidence: 'documented',
  source: 'car/api/configuration/update_blocked_commands.htm, release_2_5_2_api.htm',
  input: { languageId: id(fromLanguages), commandId: id(fromBlocked), commands },
  references: { language },
  request: ({ languageId, commandId, commands }) => ({
    body: { languageId: idNumber(languageId), commandId: idNumber(commandId), commands: commands.join(',') },
  }),
  ...oneRecord(sentence),
  change: {
    targets: ({ languageId, commandId, commands }) => ({
      product: 'car',
      commandSets: [commandId],
      languages: [languageId],
      newCommands: commands,
      bulkSize: commands.length,
    }),
    acts: ({ commands }, current) => (mayFall(current, commands) ? ['unblock'] : []),
    changedList: searchBlockedCommands,
    // A smaller set is a guard that falls. So is one whose commands cannot be read.
    effect: ({ commands }, current) => (mayFall(current, commands) ? 'delete' : 'update'),
    validateAgainst: (current, { languageId, commandId }) =>
      current['languageId'] === undefined || String(current['languageId']) === languageId
        ? undefined
        : `Set ${commandId} is of language ${String(current['languageId'])}, not ${languageId}: pass the pair as car_search_blocked_commands shows it.`,
    newState: (input, _record, lists, shown) =>
      replacedCommandsState(input, searchBlockedCommands, lists, shown),
    summary: (_, { commandId }) => `set ${commandId} of blocked commands replaced`,
    recovery: recoverCommands,
  },
})

export const deleteBlockedCommands = operation({
  name: 'car_delete_blocked_commands',
  title: 'Unblock commands',
  description: 'Remove sets of blocked commands: scripts may hold them again',
  route: 'POST /sm/v2/block-commands/delete',
  effect: 'delete',
  evidence: 'documented',
  source: 'car/api/configuration/delete_blocked_commands.htm, release_2_5_2_api.htm',
  input: { commandIds: ids(fromBlocked, 100) },
  request: ({ commandIds }) => ({ body: { commandIds: commandIds.map(idNumber) } }),
  ...oneRecord(sentence),
  change: {
    targets: ({ commandIds }) => ({ product: 'car', commandSets: commandIds, bulkSize: commandIds.length }),
    acts: () => ['unblock'],
    changedList: searchBlockedCommands,
    newState: (input, _record, lists) => deletedCommandsState(input, searchBlockedCommands, lists),
    summary: (_, { commandIds }) =>
      `${counted(commandIds.length, 'set')} of blocked commands removed (${commandIds.join(', ')})`,
    recovery: recoverCommands,
  },
})

/** `{success: {ids, message}, failure: {ids, message}}`, with 2xx even if all fail (configuration pages). */
const processed = z.looseObject({
  ids: z.array(recordId).nullish(),
  message: z.string().nullish(),
})

/**
 * The answer of the four calls on blocked assets and tags, and of other calls that can succeed for part of a
 * list.
 */
export const partialResult = z.looseObject({ success: processed.nullish(), failure: processed.nullish() })

const blocked = {
  assets: { list: searchAssets, noun: 'asset', input: 'assetIds', adds: 'POST /sm/v1/block-assets' },
  tags: { list: searchAssetTags, noun: 'tag', input: 'tagIds', adds: 'POST /sm/v1/block-tags' },
} as const

/**
 * Blocks or unblocks assets or tags: no run may target a blocked one. No page documents a call that lists
 * them.
 */
function guard(what: keyof typeof blocked, effect: Extract<Effect, 'create' | 'delete'>) {
  const { list, noun, input, adds } = blocked[what]
  const idsOf = (args: Input) => args[input] as readonly string[]
  const verb = effect === 'create' ? 'block' : 'unblock'
  return operation({
    name: `car_${verb}_${what}`,
    title: effect === 'create' ? `Block ${noun}s` : `Unblock ${noun}s`,
    description:
      effect === 'create'
        ? `Let no script run on these ${noun}s any more, until they are unblocked`
        : `Let scripts run on these ${noun}s again`,
    route: effect === 'create' ? adds : `${adds}/delete`,
    effect,
    evidence: 'documented',
    source: `car/api/configuration, ${verb} ${what}`,
    input: { [input]: ids(`from ${list.name}`, 100) },
    request: (args) => ({ body: { ids: idsOf(args).map(idNumber) } }),
    ...oneRecord(partialResult),
    change: {
      targets: (args) => ({ product: 'car', bulkSize: idsOf(args).length, [what]: idsOf(args) }),
      partialIds: idsOf,
      ...(effect === 'create' && { quiets: () => true }),
      acts: () => (effect === 'delete' ? ['unblock'] : []),
      warnings: () =>
        effect === 'delete' ? [`A guard falls: scripts may run on these ${noun}s again.`] : [],
      newState: async (args, record, _lists, shown) =>
        idsState(idsOf(args), record, shown, what === 'assets' ? 'host' : 'tag'),
      summary: (_, args) => `${counted(idsOf(args).length, noun)} ${verb}ed`,
      next: () => `Blocked ${noun}s cannot be listed.`,
      recovery: `look in the Qualys UI, for no tool lists blocked ${noun}s`,
    },
  })
}

export const blockAssets = guard('assets', 'create')
export const unblockAssets = guard('assets', 'delete')
export const blockTags = guard('tags', 'create')
export const unblockTags = guard('tags', 'delete')
