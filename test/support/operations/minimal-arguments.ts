import type { Control } from '../sandbox.ts'

/** Arguments by tool. */
type ArgumentsByTool = Readonly<Record<string, object>>

/** The first schedule of the sandbox: it runs script 19218. */
const scheduleId = '23f97a1f-76f4-4e85-a7c2-566f120874fc'

/** Finds scripts by title, since the path of the list that shows them is a guess. */
const plan = {
  scripts: [{ id: 19218, title: 'Auto_script_22062022_074300047' }],
  startDate: '2096-02-29',
  startTime: '08:30',
  assets: [21789601],
}

/** Arguments for SAQ's tools; ids are those of the vendor's samples, which the sandbox has. */
const saq = {
  saq_get_template: { templateId: 82968 },
  saq_create_template: {
    name: 'Suppliers',
    category: 'Vendor Risk',
    sections: [{ name: 'Access', questions: [{ text: 'Is access reviewed?', kind: 'yesNo' }] }],
  },
  saq_create_template_from_library: { libraryTemplateId: 10030 },
  saq_update_templates: { ids: [91297], description: 'test-api' },
  saq_publish_template: { templateId: 91297 },
  saq_create_template_version: { templateId: 82968 },
  saq_delete_template: { templateId: 91877 },
  saq_campaign_status: { campaignId: 640002 },
  saq_list_recipients: { campaignId: 640002 },
  saq_get_campaign: { campaignId: 640002 },
  saq_create_campaign: {
    name: 'Vendors 2096',
    templateId: 722010,
    workflowType: 'SIMPLE',
    dueDate: '2096-02-29',
    recipientIds: [339590],
  },
  saq_update_campaign: { campaignId: 1111001, name: 'Vendor risk 2096' },
  saq_launch_campaign: { campaignId: 1111001 },
  saq_cancel_campaign: { campaignId: 816627 },
  saq_delete_campaign: { campaignId: 816627 },
  saq_get_questionnaire: { questionnaireId: 707802 },
  saq_get_user: { userId: 400591 },
  saq_create_users: {
    users: [{ firstName: 'New', lastName: 'Vendor', company: 'abc', emailAddress: 'new@vendor.example' }],
  },
  saq_update_user: { userId: 401990, title: 'Account Manager' },
  saq_update_users: { ids: [767231592, 713091591], lastName: 'Contact' },
  saq_delete_user: { userId: 401990 },
  saq_delete_users: { ids: [767231592, 713091591] },
}

/** Ids that differ from sandbox to sandbox. */
interface OwnIds {
  readonly reportId: unknown
  /** A finished result, and its run. */
  readonly assetJobId: unknown
  readonly jobId: unknown
  /** A pending result. */
  readonly openAssetJobId: unknown
  /** A run with a pending result, of a script that can be run without parameters. */
  readonly openJobId: unknown
  /** Another run of the script of the finished one. */
  readonly otherJobId: unknown
}

/** Tools that take the id of a plan that was proposed: it is different each time. */
export const planArguments = Object.fromEntries(
  ['car_get_rollout', 'car_hold_rollout', 'car_resume_rollout', 'car_stop_rollout'].map((name) => [
    name,
    { planId: 'ABCD2345' },
  ]),
)

/** The minimal arguments of each tool that has required ones. */
function minimalArgumentsWith({
  reportId,
  assetJobId,
  jobId,
  openAssetJobId,
  openJobId,
  otherJobId,
}: OwnIds): ArgumentsByTool {
  return {
    car_follow_run: { jobId, waitSeconds: 0 },
    car_compare_runs: { jobIdA: otherJobId, jobIdB: jobId },
    car_get_output: { jobId, assetJobId },
    car_plan_rollout: {
      scriptId: 19218,
      fleet: { assetIds: [21789601] },
      waves: [{ rest: true }],
      stopAfter: { wave: '1' },
    },
    car_plan_rerun: { jobId: openJobId },
    ...planArguments,
    car_count_jobs: { groupBy: ['platform'] },
    car_count_asset_jobs: { groupBy: ['outcome'] },
    qualys_export: { tool: 'car_search_jobs', format: 'csv' },
    car_get_script: { scriptId: 16515 },
    car_export_scripts: { ids: [16515] },
    car_create_script: {
      title: 'Free space',
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      content: 'Get-PSDrive',
    },
    car_update_script: { scriptId: 16515, description: 'Free space on every drive.' },
    car_clone_script: { scriptId: 16515 },
    car_execute_script: { scriptId: 19218, assetIds: [21789601] },
    car_import_library_script: {
      id: 234564,
      title: 'From the library',
      categoryId: 1,
      typeId: 1,
      typeName: 'Custom Script',
      subType: 'Detection',
      approved: false,
    },
    car_delete_invalid_asset_jobs: { ids: [openAssetJobId] },
    car_get_schedule: { scheduleId },
    car_create_schedule: { ...plan, title: 'Free space, once', activate: false },
    car_update_schedule: { ...plan, recurrence: 'ONCE', title: 'dfdfdfd', scheduleId },
    car_activate_schedule: { scheduleId },
    car_deactivate_schedule: { scheduleId },
    car_delete_schedule: { scheduleId },
    car_add_blocked_commands: { languageId: 201, commands: ['runas'] },
    car_update_blocked_commands: { languageId: 201, commandId: 102, commands: ['runas'] },
    car_delete_blocked_commands: { commandIds: [102] },
    car_block_assets: { assetIds: [21789601] },
    car_unblock_assets: { assetIds: [21829329] },
    car_block_tags: { tagIds: [7512800] },
    car_unblock_tags: { tagIds: [7512860] },
    car_generate_report: { reportName: 'Runs', templateName: 'Script Job Report' },
    car_download_report: { reportId },
    car_delete_report: { reportId },
    ...saq,
  }
}

/** The same with ids of this sandbox: each call succeeds there, with QUALYS_MAX_ASSETS_PER_RUN at 100. */
export async function minimalArgumentsOn(control: Control): Promise<ArgumentsByTool> {
  const [reports, assetJobs, jobs, scripts] = await Promise.all(
    ['reports', 'assetjobs', 'jobs', 'scripts'].map((name) => control.dump(name)),
  )
  const runnable = scripts?.filter(({ status, hasParameters }) => status === 'APPROVED' && !hasParameters)
  const runOf = (result: Record<string, unknown> | undefined) =>
    (result?.['job'] as { id: string } | undefined)?.id
  const done = assetJobs?.find(({ outcome }) => outcome !== 'open')
  const isRunnable = (result: Record<string, unknown>): boolean => {
    const run = jobs?.find(({ id }) => id === runOf(result))
    return runnable?.some(({ id }) => id === run?.['scriptId']) ?? false
  }
  const open = assetJobs?.filter(({ outcome }) => outcome === 'open')
  const jobId = runOf(done)
  const scriptId = jobs?.find(({ id }) => id === jobId)?.['scriptId']
  return minimalArgumentsWith({
    reportId: reports?.find(({ status }) => status === 'COMPLETED')?.['fileUuid'],
    assetJobId: done?.['id'],
    jobId,
    openAssetJobId: open?.[0]?.['id'],
    openJobId: runOf(open?.find(isRunnable)),
    otherJobId: jobs?.find((job) => job['scriptId'] === scriptId && job['id'] !== jobId)?.['id'],
  })
}

/** The same with ids that are well-formed but do not exist. */
export const minimalArguments = minimalArgumentsWith({
  reportId: '4735c320-1b2c-4d3e-8f4a-5b6c7d8e9f01',
  assetJobId: '80611',
  jobId: '80507',
  openAssetJobId: '80612',
  openJobId: '80508',
  otherJobId: '80509',
})
