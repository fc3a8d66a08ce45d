import { toolRegistry } from '../../src/tools/server/tool-registry.ts'
import { minimalArgumentsOn } from './operations/minimal-arguments.ts'
import { isComplete } from './operations/parts.ts'
import type { Control } from './sandbox.ts'

/** A tool, and arguments with which it succeeds on a sandbox. */
export type ToolCall = readonly [tool: string, args: object]

/** Settings that list every tool and never ask a person. */
export const unattendedSettings = {
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MODE: 'unattended',
  QUALYS_MAX_ASSETS_PER_RUN: '100',
} as const

/** A call of every tool that succeeds on a sandbox. */
export async function callOfEveryTool(control: Control): Promise<readonly ToolCall[]> {
  const least = await minimalArgumentsOn(control)
  return [...toolRegistry.keys()].filter(isComplete).map((name) => [name, least[name] ?? {}])
}

/** One tool of each kind: kinds differ in how a request is built and how an answer is read. */
const toolOfEachKind: Readonly<Record<string, string>> = {
  'CAR, a list in pages': 'car_search_jobs',
  'CAR, a list without pages': 'car_list_script_types',
  'CAR, a record': 'car_get_script',
  'CAR, a file': 'car_download_report',
  'CAR, creates': 'car_clone_script',
  'CAR, updates': 'car_update_script',
  'CAR, deletes': 'car_delete_blocked_commands',
  'CAR, executes': 'car_execute_script',
  'SAQ, a list in pages': 'saq_search_users',
  'SAQ, a record': 'saq_get_user',
  'SAQ, creates': 'saq_create_users',
  'SAQ, updates': 'saq_update_user',
  'SAQ, deletes': 'saq_delete_user',
  'follows a run': 'car_follow_run',
  'an output': 'car_get_output',
  'counts rows': 'car_count_jobs',
  'counts answers': 'saq_campaign_status',
  'the server’s own state': 'qualys_status',
  'a file of its own': 'qualys_export',
}

/** A call of one tool of each kind. */
export async function callOfEachKind(control: Control): Promise<readonly ToolCall[]> {
  const every = await callOfEveryTool(control)
  return Object.entries(toolOfEachKind).map(([kind, name]) => {
    const call = every.find(([tool]) => tool === name)
    if (!call) throw new Error(`${kind}: no tool is called ${name}`)
    return call
  })
}
