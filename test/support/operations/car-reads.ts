/** A read of CAR, and its expected request. No body: none may be sent. */
export interface CarRead {
  readonly args: object
  readonly path: string
  readonly query?: Record<string, string>
  readonly body?: Record<string, unknown>
}

const newest = [{ 'created.dateTime': 'desc' }, { id: 'desc' }]
const byNumber = { pageSize: 20, pageNumber: 0 }
const from = { startAt: '2025-05-26T11:47:56.810Z', endAt: '2025-06-26' }
/** release_2_6_api.htm spells dates so; a day alone, as an end, means the end of that day. */
const fromOnWire = { startAt: '2025-05-26T11:47:56.810Z', endAt: '2025-06-26T23:59:59.999Z' }
const reportId = '4735c320-1b2c-4d3e-8f4a-5b6c7d8e9f01'
export const scheduleId = '23f97a1f-76f4-4e85-a7c2-566f120874fc'

export const carReads: Readonly<Record<string, readonly CarRead[]>> = {
  // No page gives scripts startAt or endAt (car-api.md 2.5): filters that the sandbox does not accept have no
  // entry.
  car_search_scripts: [
    // getting_started.htm: {"filter": "status:APPROVED", "pageSize": 30, "pageNumber": 0}
    {
      args: { filter: 'status:APPROVED', pageSize: 30 },
      path: '/sm/v1/scripts/search',
      body: { filter: 'status:APPROVED', pageSize: 30, pageNumber: 0, sort: newest },
    },
    {
      args: { sort: ['title:asc'] },
      path: '/sm/v1/scripts/search',
      body: { ...byNumber, sort: [{ title: 'asc' }, { id: 'asc' }] },
    },
  ],
  car_get_script: [{ args: { scriptId: 19218 }, path: '/sm/v1/scripts/19218' }],
  car_export_scripts: [
    { args: { ids: [16515] }, path: '/sm/v1/scripts/export', query: { ids: '16515' } },
    { args: { ids: ['16515', 19218] }, path: '/sm/v1/scripts/export', query: { ids: '16515,19218' } },
  ],
  car_list_script_types: [{ args: {}, path: '/sm/v1/script-types' }],
  car_list_script_languages: [{ args: { pageSize: 3, match: 'shell' }, path: '/sm/v1/script-language' }],
  car_search_jobs: [
    { args: {}, path: '/sm/v2/jobs/search', body: { pageSize: 20, sort: newest } },
    {
      args: { scriptId: '19218', ...from, sort: ['title:asc', 'id:desc'], pageSize: 200 },
      path: '/sm/v2/jobs/search',
      body: {
        filter: 'scriptId:19218',
        sort: [{ title: 'asc' }, { id: 'desc' }],
        pageSize: 200,
        ...fromOnWire,
      },
    },
    // list_script_jobs.htm: script.name:Script test for subscribed modules
    {
      args: {
        scriptName: 'Script test for subscribed modules',
        scriptId: 7,
        filter: 'test:true OR severity:5',
      },
      path: '/sm/v2/jobs/search',
      body: {
        filter: 'scriptId:7 AND script.name:Script test for subscribed modules AND (test:true OR severity:5)',
        pageSize: 20,
        sort: newest,
      },
    },
    {
      args: { scriptName: 'Ports | "all" and more' },
      path: '/sm/v2/jobs/search',
      body: { filter: 'script.name:`Ports | "all" and more`', pageSize: 20, sort: newest },
    },
  ],
  car_search_asset_jobs: [
    // list_asset_jobs.htm: {"filter": "job.id:80507", "includeScriptResult": true, "sort": …}
    {
      args: { jobId: 80507, includeOutput: true, ...from },
      path: '/sm/v2/assetjobs/search',
      body: { filter: 'job.id:80507', includeScriptResult: true, pageSize: 20, sort: newest, ...fromOnWire },
    },
    {
      args: { filter: 'job.id:80507', sort: ['created.dateTime:asc'], outcome: 'failed' },
      path: '/sm/v2/assetjobs/search',
      body: { filter: 'job.id:80507', pageSize: 1_000, sort: [{ 'created.dateTime': 'asc' }, { id: 'asc' }] },
    },
  ],
  car_search_assets: [
    { args: {}, path: '/sm/v1/assets/search', body: { pageSize: 20, sort: [{ id: 'asc' }] } },
    {
      args: { filter: 'platform:WINDOWS', sort: ['name:desc'], pageSize: 5 },
      path: '/sm/v1/assets/search',
      body: { filter: 'platform:WINDOWS', pageSize: 5, sort: [{ name: 'desc' }, { id: 'desc' }] },
    },
  ],
  car_search_asset_tags: [
    {
      args: { filter: 'name:Servers' },
      path: '/sm/v1/assettags/search',
      body: { filter: 'name:Servers', ...byNumber },
    },
  ],
  car_search_schedules: [
    // release_2_6_api.htm: the sort is a string.
    {
      args: { filter: 'title:Nightly', ...from, sort: ['title:asc'] },
      path: '/sm/v1/scheduler/search',
      body: { filter: 'title:Nightly', ...byNumber, ...fromOnWire, sort: '[{"title":"asc"},{"id":"asc"}]' },
    },
    {
      args: {},
      path: '/sm/v1/scheduler/search',
      body: { ...byNumber, sort: '[{"created.dateTime":"desc"},{"id":"desc"}]' },
    },
  ],
  car_get_schedule: [{ args: { scheduleId }, path: `/sm/v1/scheduler/${scheduleId}` }],
  car_search_blocked_commands: [
    {
      args: { filter: 'languageId:201' },
      path: '/sm/v1/block-commands/search',
      body: { filter: 'languageId:201', ...byNumber },
    },
  ],
  car_list_reports: [
    { args: {}, path: '/sm/v1/reports', query: { limit: '20', offset: '0' } },
    { args: { pageSize: 50 }, path: '/sm/v1/reports', query: { limit: '50', offset: '0' } },
  ],
  car_download_report: [{ args: { reportId }, path: `/sm/v1/reports/${reportId}/download` }],
}
