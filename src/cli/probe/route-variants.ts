import type { Route } from '../../operations/operation.ts'

/** Another route that an operation may have. */
export interface RouteVariant {
  readonly route: Route
  readonly why: string
  /** The field of the row whose id is used instead. */
  readonly idFrom?: string
}

const otherVersion = 'the version is a guess'
const newerVersion = 'a newer version may have replaced it'
const otherNumber = 'Qualys has singular and plural side by side'
const siblingWord = 'the word of a sibling'

/**
 * Other possible routes of operations. Variants of a guessed route are always probed, those of a documented or
 * regular route only if it is not found.
 */
export const routeVariants: Readonly<Record<string, readonly RouteVariant[]>> = {
  car_search_scripts: [
    { route: 'POST /sm/v2/scripts/search', why: 'jobs are searched in v2' },
    { route: 'POST /sm/v4/scripts/search', why: 'scripts are updated in v4' },
    { route: 'POST /sm/v5/scripts/search', why: 'scripts are created in v5' },
    { route: 'POST /sm/v1/script/search', why: otherNumber },
    { route: 'GET /sm/v1/scripts', why: 'as reports are listed' },
  ],
  car_get_script: [
    { route: 'GET /sm/v1/script/{scriptId}', why: otherNumber },
    { route: 'GET /sm/v4/script/{scriptId}', why: 'PATCH is there' },
    { route: 'GET /sm/v5/script/{scriptId}', why: 'scripts are created in v5' },
    { route: 'GET /sm/v2/scripts/{scriptId}', why: otherVersion },
  ],
  car_get_schedule: [
    { route: 'GET /sm/v1/scripts/scheduler/{scheduleId}', why: 'schedules are created there' },
    { route: 'GET /sm/v1/schedules/{scheduleId}', why: siblingWord },
    { route: 'GET /sm/v2/scheduler/{scheduleId}', why: otherVersion },
  ],
  car_download_report: [
    {
      route: 'GET /sm/v1/reports/{reportId}/download',
      why: 'reports have two ids',
      idFrom: 'resourceId',
    },
    { route: 'GET /sm/v1/reports/download/{reportId}', why: 'the verb may come first' },
    { route: 'GET /sm/v1/reports/{reportId}', why: 'a report may be its file' },
    {
      route: 'GET /sm/v1/reports/{reportId}',
      why: 'reports have two ids',
      idFrom: 'resourceId',
    },
  ],
  car_search_jobs: [{ route: 'POST /sm/v1/jobs/search', why: 'the version before (list_script_jobs.htm)' }],
  car_search_asset_jobs: [
    { route: 'POST /sm/v1/assetjobs/search', why: 'the version before (list_asset_jobs.htm)' },
  ],
  car_search_schedules: [
    { route: 'POST /sm/v2/scheduler/search', why: newerVersion },
    { route: 'POST /sm/v1/schedules/search', why: siblingWord },
  ],
  car_search_blocked_commands: [
    { route: 'GET /sm/v1/block-commands/search', why: 'no page tells the method' },
  ],
  car_list_script_types: [{ route: 'GET /sm/v1/script-type', why: otherNumber }],
  car_list_script_languages: [{ route: 'GET /sm/v1/script-languages', why: otherNumber }],
  saq_get_template: [
    { route: 'GET /qps/rest/2.0/get/saq/template/{templateId}', why: 'sister modules have 2.0' },
  ],
  saq_get_questionnaire: [
    { route: 'GET /qps/rest/2.0/get/saq/questionnaire/{questionnaireId}', why: 'sister modules have 2.0' },
  ],
}
