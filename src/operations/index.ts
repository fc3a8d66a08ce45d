import { searchAssets, searchAssetTags } from './car/assets.ts'
import { executeScript } from './car/execution.ts'
import {
  addBlockedCommands,
  blockAssets,
  blockTags,
  deleteBlockedCommands,
  searchBlockedCommands,
  unblockAssets,
  unblockTags,
  updateBlockedCommands,
} from './car/guardrails.ts'
import { importLibraryScript } from './car/library.ts'
import { deleteReport, downloadReport, generateReport, listReports } from './car/reports.ts'
import { deleteInvalidAssetJobs, searchAssetJobs, searchJobs } from './car/runs.ts'
import {
  activateSchedule,
  createSchedule,
  deactivateSchedule,
  deleteSchedule,
  updateSchedule,
} from './car/schedule-changes.ts'
import { getSchedule, searchSchedules } from './car/schedules.ts'
import { cloneScript, createScript, updateScript } from './car/script-changes.ts'
import {
  exportScripts,
  getScript,
  listScriptLanguages,
  listScriptTypes,
  searchScripts,
} from './car/scripts.ts'
import type { Operation } from './operation.ts'
import {
  cancelCampaign,
  createCampaign,
  deleteCampaign,
  launchCampaign,
  updateCampaign,
} from './saq/campaign-changes.ts'
import { countCampaigns, getCampaign, searchCampaigns } from './saq/campaigns.ts'
import { countQuestionnaires, getQuestionnaire, searchQuestionnaires } from './saq/questionnaires.ts'
import {
  createTemplate,
  createTemplateFromLibrary,
  createTemplateVersion,
  deleteTemplate,
  publishTemplate,
  updateTemplates,
} from './saq/template-changes.ts'
import { countTemplates, getTemplate, searchLibraryTemplates, searchTemplates } from './saq/templates.ts'
import { createUsers, deleteUser, deleteUsers, updateUser, updateUsers } from './saq/user-changes.ts'
import { countUsers, getUser, searchUsers } from './saq/users.ts'
import { getVersion } from './saq/version.ts'

/** Every operation by toolset, in the order of tools/list and of the documentation. */
export const toolsets = {
  'car.scripts': [
    searchScripts,
    getScript,
    exportScripts,
    listScriptTypes,
    listScriptLanguages,
    createScript,
    updateScript,
    cloneScript,
    executeScript,
    importLibraryScript,
  ],
  'car.runs': [searchJobs, searchAssetJobs, deleteInvalidAssetJobs],
  'car.assets': [searchAssets, searchAssetTags],
  'car.schedules': [
    searchSchedules,
    getSchedule,
    createSchedule,
    updateSchedule,
    activateSchedule,
    deactivateSchedule,
    deleteSchedule,
  ],
  'car.guardrails': [
    searchBlockedCommands,
    addBlockedCommands,
    updateBlockedCommands,
    deleteBlockedCommands,
    blockAssets,
    unblockAssets,
    blockTags,
    unblockTags,
  ],
  'car.reports': [listReports, generateReport, downloadReport, deleteReport],
  'saq.portal': [getVersion],
  'saq.templates': [
    searchTemplates,
    searchLibraryTemplates,
    countTemplates,
    getTemplate,
    createTemplate,
    createTemplateFromLibrary,
    updateTemplates,
    publishTemplate,
    createTemplateVersion,
    deleteTemplate,
  ],
  'saq.campaigns': [
    searchCampaigns,
    countCampaigns,
    getCampaign,
    createCampaign,
    updateCampaign,
    launchCampaign,
    cancelCampaign,
    deleteCampaign,
  ],
  'saq.questionnaires': [searchQuestionnaires, countQuestionnaires, getQuestionnaire],
  'saq.users': [
    searchUsers,
    countUsers,
    getUser,
    createUsers,
    updateUser,
    updateUsers,
    deleteUser,
    deleteUsers,
  ],
} as const satisfies Readonly<Record<string, readonly Operation[]>>

export const operations: readonly Operation[] = Object.values(toolsets).flat()
