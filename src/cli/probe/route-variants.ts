import type { Route } from '../../operations/operation.ts'

/** Another route that an operation may have, why, and the field of the id if that is another one. */
type RouteVariant = readonly [route: Route, about: string, idFrom?: string]

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
    ['POST /sm/v2/scripts/search', 'jobs are searched in v2'],
    ['POST /sm/v4/scripts/search', 'scripts are updated in v4'],
    ['POST /sm/v5/scripts/search', 'scripts are created in v5'],
    ['POST /sm/v1/script/search', otherNumber],
    ['GET /sm/v1/scripts', 'as reports are listed'],
  ],
  car_get_script: [
    ['GET /sm/v1/script/{scriptId}', otherNumber],
    ['GET /sm/v4/script/{scriptId}', 'PATCH is there'],
    ['GET /sm/v5/script/{scriptId}', 'scripts are created in v5'],
    ['GET /sm/v2/scripts/{scriptId}', otherVersion],
  ],
  car_get_schedule: [
    ['GET /sm/v1/scripts/scheduler/{scheduleId}', 'schedules are created there'],
    ['GET /sm/v1/schedules/{scheduleId}', siblingWord],
    ['GET /sm/v2/scheduler/{scheduleId}', otherVersion],
  ],
  car_download_report: [
    ['GET /sm/v1/reports/{reportId}/download', 'with resourceId as the id', 'resourceId'],
    ['GET /sm/v1/reports/download/{reportId}', 'the verb may come first'],
    ['GET /sm/v1/reports/{reportId}', 'a report may be its file'],
    ['GET /sm/v1/reports/{reportId}', 'with resourceId as the id', 'resourceId'],
  ],
  car_search_jobs: [['POST /sm/v1/jobs/search', 'the version before (list_script_jobs.htm)']],
  car_search_asset_jobs: [['POST /sm/v1/assetjobs/search', 'the version before (list_asset_jobs.htm)']],
  car_search_schedules: [
    ['POST /sm/v2/scheduler/search', newerVersion],
    ['POST /sm/v1/schedules/search', siblingWord],
  ],
  car_search_blocked_commands: [['GET /sm/v1/block-commands/search', 'no page tells the method']],
  car_list_script_types: [['GET /sm/v1/script-type', otherNumber]],
  car_list_script_languages: [['GET /sm/v1/script-languages', otherNumber]],
  saq_get_template: [['GET /qps/rest/2.0/get/saq/template/{templateId}', 'sister modules have 2.0']],
  saq_get_questionnaire: [
    ['GET /qps/rest/2.0/get/saq/questionnaire/{questionnaireId}', 'sister modules have 2.0'],
  ],
}
