import type { Control } from '../sandbox.ts'

interface Row {
  readonly id: string | number
}
interface Host extends Row {
  readonly id: number
  readonly lab: boolean
  readonly tags: readonly { readonly id: string }[]
}
interface Tag extends Row {
  readonly tagId: number
  readonly lab: boolean
}
interface Schedule extends Row {
  readonly id: string
  readonly title: string
  readonly activate: boolean
  readonly assets: readonly Row[]
}

/** Objects of a sandbox that effects can be tried on. */
export interface Objects {
  /** Hosts on which the settings allow scripts. */
  readonly hosts: readonly string[]
  readonly tags: readonly string[]
  /** Runs on one host. */
  readonly schedule: Schedule
  /** Approved, without parameters. */
  readonly script: string
}

const script = '19218'
/** Later than the clocks of this machine and of the sandbox. */
const someday = { startDate: '2041-03-05', startTime: '08:30' }

export async function objectsOf(control: Control): Promise<Objects> {
  const [assets, blocked, barred, tags, schedules] = await Promise.all([
    control.dump('assets') as unknown as Promise<Host[]>,
    control.dump('blocked-assets') as unknown as Promise<Host[]>,
    control.dump('blocked-tags') as unknown as Promise<Tag[]>,
    control.dump('tags') as unknown as Promise<Tag[]>,
    control.dump('schedules') as unknown as Promise<Schedule[]>,
  ])
  const forbidden = new Set(blocked.map(({ id }) => id))
  const free = assets.filter(
    ({ id, lab, tags: own }) =>
      !lab && !forbidden.has(id) && !own.some((tag) => barred.some((one) => one.id === tag.id)),
  )
  const schedule = schedules.find(({ assets }) => assets.length === 1)
  if (!schedule) throw new Error('no schedule runs on one host')
  return {
    hosts: free.map(({ id }) => String(id)),
    tags: tags.filter(({ lab }) => !lab).map(({ id }) => String(id)),
    schedule,
    script,
  }
}

/** A schedule of one run on one host. */
export function planOf({ hosts }: Objects, title: string): Record<string, unknown> {
  return { title, scripts: [{ id: script }], ...someday, assets: hosts.slice(0, 1), activate: true }
}

/** Arguments for every tool with an effect; with them, the call reaches the sandbox. */
export async function effectCalls(
  control: Control,
  objects: Objects,
): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  const [commands, reports, results] = await Promise.all([
    control.dump('blocked-commands'),
    control.dump('reports'),
    control.dump('assetjobs'),
  ])
  const { hosts, tags, schedule } = objects
  const { activate: _, ...plan } = planOf(objects, schedule.title)
  const set = commands[0]
  const scheduleId = schedule.id
  const custom = { typeId: '1', subType: 'Detection', languageId: '201', platform: 'WINDOWS', severity: 2 }
  return {
    car_create_script: { title: 'Sent once', ...custom, content: 'Get-PSDrive' },
    car_update_script: { scriptId: script, description: 'changed' },
    car_clone_script: { scriptId: script, title: 'Copied once' },
    car_execute_script: { scriptId: script, assetIds: hosts.slice(0, 2) },
    car_import_library_script: {
      id: '234564',
      title: 'Imported once',
      categoryId: '1',
      typeId: '1',
      typeName: 'Custom Script',
      subType: 'Detection',
      approved: false,
    },
    car_delete_invalid_asset_jobs: { ids: [String(results[0]?.['id'])] },
    car_create_schedule: planOf(objects, 'Planned once'),
    car_update_schedule: { scheduleId, ...plan, recurrence: 'ONCE' },
    car_activate_schedule: { scheduleId },
    car_deactivate_schedule: { scheduleId },
    car_delete_schedule: { scheduleId },
    car_add_blocked_commands: { languageId: '201', commands: ['format'] },
    car_update_blocked_commands: {
      languageId: String(set?.['languageId']),
      commandId: String(set?.['commandId']),
      commands: ['format'],
    },
    car_delete_blocked_commands: { commandIds: [String(set?.['commandId'])] },
    car_block_assets: { assetIds: hosts.slice(0, 2) },
    car_unblock_assets: { assetIds: hosts.slice(0, 2) },
    car_block_tags: { tagIds: tags.slice(0, 2) },
    car_unblock_tags: { tagIds: tags.slice(0, 2) },
    car_generate_report: { reportName: 'Once', templateName: 'Script Job Report' },
    car_delete_report: { reportId: String(reports[0]?.['fileUuid']) },
  }
}
