import { expect } from 'vitest'
import type { Control } from '../../sandbox.ts'
import { effectCalls, objectsOf } from '../calls.ts'

// The state that a reply tells after each effect of CAR. For SAQ: a table of the same shape.

export type Args = Readonly<Record<string, unknown>>

/** What the reply of one effect tells. */
export interface EffectState {
  readonly tool: string
  /** The first line of the reply. */
  readonly said: RegExp
  /** Fields of the row for programs. */
  readonly fields: object
  /** The one read after the effect; none if absent. */
  readonly read?: string
  /** Answers of that read that show something else, each with what the reply says of it. */
  readonly differing?: readonly (readonly [what: string, body: unknown, said: RegExp])[]
  /** What an empty list means, if not the state of `said`. */
  readonly empty?: RegExp
}

const uuid = '[0-9a-f-]{36}'
const searchSchedules = 'POST /sm/v1/scheduler/search'
const searchCommands = 'POST /sm/v1/block-commands/search'
const listReports = 'GET /sm/v1/reports'

const listOf = (...list: readonly object[]): object => ({ body: { totalCount: list.length, list } })
/** A list that holds more than the answer shows. */
const partOf = (...list: readonly object[]): object => ({ body: { totalCount: 5_000, list } })

const aSet = (commandId: number, commands: readonly string[]) => ({
  ...{ languageId: 201, commandId, language: 'PowerShell-Command', platform: 'WINDOWS', commands },
})

/** `$ID`: the id that the call names. */
export const carStates: readonly EffectState[] = [
  {
    tool: 'car_create_script',
    said: /^script \d+ "Sent once" created; .*not approved yet$/,
    fields: { title: 'Sent once', approved: false },
  },
  {
    tool: 'car_update_script',
    said: /^script 19218 "[^"]+" updated; set: description$/,
    fields: { set: ['description'] },
  },
  {
    tool: 'car_clone_script',
    said: /^script 19218 "[^"]+" cloned as \d+ "Copied once"; not approved yet$/,
    fields: { title: 'Copied once', approved: false },
  },
  {
    tool: 'car_execute_script',
    said: new RegExp(`^script 19218 "[^"]+" started, correlationUuid ${uuid}; on 2 hosts: "[^"]+", "[^"]+"$`),
    fields: { hosts: 2 },
  },
  {
    tool: 'car_import_library_script',
    said: /^script \d+ "Imported once" imported; taken: library script 234564 as Custom Script \(Detection\); not approved yet$/,
    fields: { title: 'Imported once', libraryId: '234564', approved: false },
  },
  {
    tool: 'car_delete_invalid_asset_jobs',
    said: /^2 asset jobs deleted; \d+, \d+$/,
    fields: { done: [expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)] },
  },
  {
    tool: 'car_activate_schedule',
    said: new RegExp(
      `^schedule ${uuid} "[^"]+" activated; active, (?:next run \\S+Z|no run is left|its next run is not known)$`,
    ),
    fields: { activate: true },
    read: searchSchedules,
    differing: [
      [
        'still off',
        listOf({ id: '$ID', activate: false }),
        /BUT car_search_schedules still shows it as not active/,
      ],
      ['nothing of its state', listOf({ id: '$ID' }), /whether it is active is not shown/],
      ['another schedule', listOf({ id: 'a-1' }), /BUT car_search_schedules does not show it/],
      ['a part of the list', partOf({ id: 'a-1' }), /does not show it among the schedules that can be read/],
    ],
    empty: /BUT car_search_schedules does not show it/,
  },
  {
    tool: 'car_deactivate_schedule',
    said: new RegExp(`^schedule ${uuid} "[^"]+" deactivated; not active$`),
    fields: { activate: false, nextRun: 'off' },
    read: searchSchedules,
    differing: [
      [
        'still on',
        listOf({ id: '$ID', activate: true }),
        /BUT car_search_schedules still shows it as active/,
      ],
      ['nothing of its state', listOf({ id: '$ID' }), /whether it is active is not shown/],
      ['a part of the list', partOf({ id: 'a-1' }), /does not show it among the schedules that can be read/],
    ],
    empty: /BUT car_search_schedules does not show it/,
  },
  {
    tool: 'car_delete_schedule',
    said: new RegExp(`^schedule ${uuid} "[^"]+" deleted; car_search_schedules no longer shows it$`),
    fields: { deleted: true },
    read: searchSchedules,
    differing: [
      [
        'it still',
        listOf({ id: '$ID', activate: true }),
        /BUT car_search_schedules still shows it, perhaps active/,
      ],
      ['it still, off', listOf({ id: '$ID', activate: false }), /still shows it, not active/],
      ['a part of the list', partOf({ id: 'a-1' }), /whether it is gone is not known/],
      ['rows without ids', listOf({ title: 'x' }), /whether it is gone is not known|could not be read/],
    ],
  },
  {
    tool: 'car_add_blocked_commands',
    said: /^1 command blocked for language 201; set \d+; "PowerShell-Command" has 6 commands blocked now, in 3 sets$/,
    fields: { languageId: '201', blockedCommands: 6, sets: 3 },
    read: searchCommands,
    differing: [
      [
        'it not',
        listOf(aSet(102, ['runas'])),
        /BUT car_search_blocked_commands does not show "format" for language 201/,
      ],
      ['a part of the list', partOf(aSet(102, ['runas'])), /shows only a part of its sets, without "format"/],
      ['it in a part of the list', partOf(aSet(112, ['format'])), /; set 112$/],
      [
        'it in a set with others',
        listOf(aSet(102, ['runas', ' format'])),
        /; in set 102 with others; "PowerShell-Command" has 2 commands blocked now$/,
      ],
      [
        'it in two sets',
        listOf(aSet(112, ['format']), aSet(113, ['format'])),
        /in one of the sets 112, 113; .* 1 command blocked now, in 2 sets$/,
      ],
      ['no commands', listOf({ ...aSet(112, []), commands: 'format' }), /cannot be read/],
      ['no languages', listOf({ commandId: 112, commands: ['format'] }), /cannot be read/],
      [
        'no number of the set',
        listOf({ languageId: 201, commands: ['format'] }),
        /the number of the set is not shown/,
      ],
    ],
    empty: /BUT car_search_blocked_commands does not show "format" for language 201/,
  },
  {
    tool: 'car_update_blocked_commands',
    said: /^set 102 of blocked commands replaced; it holds 1 command now; "PowerShell-Command" has \d commands blocked now, in 2 sets$/,
    fields: { commandId: '102', languageId: '201', commands: ['format'] },
    read: searchCommands,
    differing: [
      ['the old ones', listOf(aSet(102, ['runas'])), /BUT .* it lacks "format" and still holds "runas"/],
      ['another set', listOf(aSet(105, ['format'])), /BUT car_search_blocked_commands does not show set 102/],
      ['a part of the list', partOf(aSet(105, ['format'])), /cannot be read/],
    ],
    empty: /BUT car_search_blocked_commands does not show set 102/,
  },
  {
    tool: 'car_delete_blocked_commands',
    said: /^1 set of blocked commands removed \(102\); 9 sets are left$/,
    fields: { deleted: ['102'], setsLeft: 9 },
    read: searchCommands,
    differing: [
      [
        'it still',
        listOf(aSet(102, ['runas'])),
        /BUT car_search_blocked_commands still shows 1 set of them \(102\)/,
      ],
      ['a part of the list', partOf(aSet(105, ['format'])), /cannot be read/],
    ],
    empty: /; 0 sets are left$/,
  },
  ...(['assets', 'tags'] as const).flatMap((what) =>
    (['block', 'unblock'] as const).map((verb) => ({
      tool: `car_${verb}_${what}`,
      said: new RegExp(`^(?:1 tag|2 ${what}) ${verb}ed; "[^"]+" \\(\\d+\\)(?:, "[^"]+" \\(\\d+\\))?$`),
      fields: { done: expect.arrayContaining([expect.stringMatching(/^\d+$/)]) },
    })),
  ),
  {
    tool: 'car_generate_report',
    said: new RegExp(`^report ${uuid} "Once" asked for; status IN_PROGRESS$`),
    fields: { reportName: 'Once', status: 'IN_PROGRESS' },
    read: listReports,
    differing: [
      ['others', { list: [], totalCount: 0 }, /car_list_reports does not show it yet/],
      [
        'a part of the list',
        { list: [], totalCount: 7_000 },
        /shows only a part of the reports, without it|does not show it yet|could not be read/,
      ],
    ],
    empty: /car_list_reports does not show it yet/,
  },
  {
    tool: 'car_delete_report',
    said: new RegExp(`^report ${uuid} "[^"]+" deleted; car_list_reports no longer shows it$`),
    fields: { deleted: true },
    read: listReports,
    differing: [
      [
        'it still',
        { list: [{ fileUuid: '$ID', reportName: 'R', status: 'COMPLETED' }], totalCount: 1 },
        /BUT car_list_reports still shows it, status COMPLETED/,
      ],
    ],
  },
]

/** Arguments for every effect, which Qualys takes. */
export async function stateCalls(control: Control): Promise<Readonly<Record<string, Args>>> {
  const objects = await objectsOf(control)
  const [calls, results, blocked, tags, commands] = await Promise.all([
    effectCalls(control, objects),
    control.dump('assetjobs') as unknown as Promise<Result[]>,
    control.dump('blocked-assets'),
    control.dump('blocked-tags'),
    control.dump('blocked-commands'),
  ])
  const newest = Math.max(...results.map(({ created }) => created.dateTime))
  const old = results.filter(
    ({ outcome, created }) => outcome === 'open' && created.dateTime < newest - 48 * 3_600_000,
  )
  if (!commands.some(({ commandId }) => commandId === 102)) throw new Error('there is no set 102')
  const freeTags = (await control.dump('tags')).filter(({ lab }) => lab === false)
  return {
    ...calls,
    car_delete_invalid_asset_jobs: { ids: old.slice(0, 2).map(({ id }) => id) },
    car_unblock_assets: { assetIds: blocked.slice(0, 2).map(({ id }) => String(id)) },
    car_block_tags: { tagIds: freeTags.slice(0, 2).map(({ tagId }) => String(tagId)) },
    car_unblock_tags: { tagIds: tags.slice(0, 2).map(({ tagId, id }) => String(tagId ?? id)) },
  }
}

interface Result {
  readonly id: string
  readonly outcome: string
  readonly created: { readonly dateTime: number }
}
