import { searchAssetTags } from './car/assets.ts'
import * as execution from './car/execution.ts'
import * as guardrails from './car/guardrails.ts'
import { searchHosts } from './car/host-filters/search-hosts.ts'
import * as library from './car/library.ts'
import * as reports from './car/reports.ts'
import * as runs from './car/runs.ts'
import * as scheduleChanges from './car/schedule-changes.ts'
import * as schedules from './car/schedules.ts'
import * as scriptChanges from './car/script-changes.ts'
import * as scripts from './car/scripts.ts'
import type { Operation } from './operation.ts'
import * as campaignChanges from './saq/campaign-changes.ts'
import * as campaigns from './saq/campaigns.ts'
import * as questionnaires from './saq/questionnaires.ts'
import { listRecipients } from './saq/recipients.ts'
import * as templateChanges from './saq/template-changes.ts'
import * as templates from './saq/templates.ts'
import * as userChanges from './saq/user-changes.ts'
import * as users from './saq/users.ts'
import * as version from './saq/version.ts'

/**
 * Every operation by toolset, in the order of tools/list and of the documentation. A list that reads other lists which
 * read it is declared twice under one name: bare (`searchAssets`, `jobList`, `assetJobList`), and here with what this
 * program adds. Code that compares lists does so by name.
 */
export const toolsets = {
  'car.scripts': [
    scripts.searchScripts,
    scripts.getScript,
    scripts.exportScripts,
    scripts.listScriptTypes,
    scripts.listScriptLanguages,
    scriptChanges.createScript,
    scriptChanges.updateScript,
    scriptChanges.cloneScript,
    execution.executeScript,
    library.importLibraryScript,
  ],
  'car.runs': [runs.searchJobs, runs.searchAssetJobs, runs.deleteInvalidAssetJobs],
  'car.assets': [searchHosts, searchAssetTags],
  'car.schedules': [
    schedules.searchSchedules,
    schedules.getSchedule,
    scheduleChanges.createSchedule,
    scheduleChanges.updateSchedule,
    scheduleChanges.activateSchedule,
    scheduleChanges.deactivateSchedule,
    scheduleChanges.deleteSchedule,
  ],
  'car.guardrails': [
    guardrails.searchBlockedCommands,
    guardrails.addBlockedCommands,
    guardrails.updateBlockedCommands,
    guardrails.deleteBlockedCommands,
    guardrails.blockAssets,
    guardrails.unblockAssets,
    guardrails.blockTags,
    guardrails.unblockTags,
  ],
  'car.reports': [reports.listReports, reports.generateReport, reports.downloadReport, reports.deleteReport],
  'saq.portal': [version.getVersion],
  'saq.templates': [
    templates.searchTemplates,
    templates.searchLibraryTemplates,
    templates.countTemplates,
    templates.getTemplate,
    templateChanges.createTemplate,
    templateChanges.createTemplateFromLibrary,
    templateChanges.updateTemplates,
    templateChanges.publishTemplate,
    templateChanges.createTemplateVersion,
    templateChanges.deleteTemplate,
  ],
  'saq.campaigns': [
    campaigns.searchCampaigns,
    campaigns.countCampaigns,
    campaigns.getCampaign,
    campaignChanges.createCampaign,
    campaignChanges.updateCampaign,
    campaignChanges.launchCampaign,
    campaignChanges.cancelCampaign,
    campaignChanges.deleteCampaign,
  ],
  'saq.questionnaires': [
    questionnaires.searchQuestionnaires,
    questionnaires.countQuestionnaires,
    questionnaires.getQuestionnaire,
  ],
  'saq.users': [
    users.searchUsers,
    users.countUsers,
    users.getUser,
    userChanges.createUsers,
    userChanges.updateUser,
    userChanges.updateUsers,
    userChanges.deleteUser,
    userChanges.deleteUsers,
  ],
} as const satisfies Readonly<Record<string, readonly Operation[]>>

/** Lists that no single request brings: no operations of Qualys, but otherwise lists as any other. */
export const derivedLists: readonly Operation[] = [listRecipients]

export const operations: readonly Operation[] = Object.values(toolsets).flat()

/** Everything that brings rows. */
export const lists: readonly Operation[] = [
  ...operations.filter(({ returns }) => returns === 'rows'),
  ...derivedLists,
]
