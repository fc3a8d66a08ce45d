import { searchAssets, searchAssetTags } from './car/assets.ts'
import { searchBlockedCommands } from './car/guardrails.ts'
import { downloadReport, listReports } from './car/reports.ts'
import { searchAssetJobs, searchJobs } from './car/runs.ts'
import { getSchedule, searchSchedules } from './car/schedules.ts'
import {
  exportScripts,
  getScript,
  listScriptLanguages,
  listScriptTypes,
  searchScripts,
} from './car/scripts.ts'
import type { Operation } from './operation.ts'

/** Every operation by toolset, in reading order: the order of tools/list and of the README. */
export const toolsets = {
  'car.scripts': [searchScripts, getScript, exportScripts, listScriptTypes, listScriptLanguages],
  'car.runs': [searchJobs, searchAssetJobs],
  'car.assets': [searchAssets, searchAssetTags],
  'car.schedules': [searchSchedules, getSchedule],
  'car.guardrails': [searchBlockedCommands],
  'car.reports': [listReports, downloadReport],
} as const satisfies Readonly<Record<string, readonly Operation[]>>

export const operations: readonly Operation[] = Object.values(toolsets).flat()
