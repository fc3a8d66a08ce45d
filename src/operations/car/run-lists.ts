import { z } from 'zod'
import {
  base64Output,
  boolean,
  created,
  filter,
  id,
  instant,
  joinClauses,
  named,
  recordId,
  searchText,
  sort,
  time,
  writeClause,
  yesNo,
} from '../fields.ts'
import { operation } from '../operation.ts'
import { outcomeFields, outcomes } from './outcomes.ts'

// The lists of runs and of results per host as Qualys answers them. What other lists add is in runs.ts, which other
// lists cannot import: it reads them.

const newest = { default: ['created.dateTime:desc'], unique: 'id', as: 'array' } as const

/** `isTest` has the value of `test` in every documented sample. */
const repeated = [['isTest', 'test']] as const

/** As printed twice in getting_started.htm. */
const job = z.looseObject({
  id: recordId,
  title: z.string(),
  created,
  updatedDateTime: time.optional(),
  platform: z.string(),
  executionType: z.string(),
  scriptId: recordId,
  scriptType: z.string().optional(),
  severity: z.union([z.number(), z.string()]).optional(),
  threshold: z.number().nullish(),
  test: boolean.optional(),
  isTest: boolean.optional(),
  correlationUuid: z.string().optional(),
  schedulerId: z.string().nullish(),
  schedulerName: z.string().nullish(),
  category: named.nullish(),
})

export const jobList = operation({
  name: 'car_search_jobs',
  title: 'Search script runs',
  description: 'Find runs of scripts, one row per run (job), newest first; Qualys has no call to stop a run',
  route: 'POST /sm/v2/jobs/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/get_started/getting_started.htm, car/api/jobs/list_script_jobs.htm',
  input: {
    scriptId: id('from car_search_scripts').optional(),
    scriptName: searchText('title of the script'),
    filter: filter('script.name:Backup AND scriptId:19218'),
    startAt: instant('run from'),
    endAt: instant('run until', 'end'),
    sort: sort(newest.default[0]),
  },
  request: ({ scriptId, scriptName, filter, startAt, endAt }) => ({
    body: {
      filter: joinClauses(
        scriptId === undefined ? undefined : writeClause('scriptId', scriptId),
        scriptName === undefined ? undefined : writeClause('script.name', scriptName),
        filter,
      ),
      startAt,
      endAt,
    },
  }),
  returns: 'rows',
  paging: { kind: 'searchAfter', sort: newest },
  record: job,
  fieldAliases: new Map(repeated),
  columns: ['id', 'created.dateTime', 'title', 'scriptId', 'platform', 'executionType'],
  countBy: 'executionType',
  highlight: 'test',
  remarks: [
    'executionType Automated: started by a schedule (schedulerId, schedulerName); Manual: by a person or a program.',
    'Test runs (test true) are listed and counted, too.',
    'A run has no outcome: the results of its hosts have.',
    "title may end in the second of the start: count by scriptId. threshold is the script's time limit.",
  ],
})

/** A number in the sample. If it came as text, every success would count as a failure. */
const code = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,10}$/)
    .transform(Number),
])

/** list_asset_jobs.htm shows the fields up to `created`; the rest is cut off in every copy read. */
const assetJob = z.looseObject({
  id: recordId,
  created,
  enddate: time.nullish(),
  output: z.looseObject({ code: code.nullish(), text: z.string().nullish() }).nullish(),
  scriptResult: base64Output.nullish(),
  customerUuid: z.string().optional(),
  test: boolean.optional(),
  isTest: boolean.optional(),
})

/** Results of a younger run may still arrive. */
const dayMs = 24 * 3600_000

export const assetJobList = operation({
  name: 'car_search_asset_jobs',
  title: 'Search results per host',
  description:
    'Results of a run per host (asset job): outcome and, with includeOutput, what the script printed',
  route: 'POST /sm/v2/assetjobs/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/get_started/getting_started.htm, car/api/jobs/list_asset_jobs.htm',
  input: {
    jobId: id('from car_search_jobs').optional(),
    includeOutput: yesNo('add the decoded output of each host').optional(),
    filter: filter('job.id:80507'),
    startAt: instant('processed from'),
    endAt: instant('processed until', 'end'),
    sort: sort(newest.default[0]),
  },
  request: ({ jobId, includeOutput, filter, startAt, endAt }) => ({
    body: {
      filter: joinClauses(jobId === undefined ? undefined : writeClause('job.id', jobId), filter),
      includeScriptResult: includeOutput,
      startAt,
      endAt,
    },
  }),
  returns: 'rows',
  paging: { kind: 'searchAfter', sort: newest },
  record: assetJob,
  fieldAliases: new Map([['enddate', 'endDate'], ...repeated]),
  columns: ['id', 'asset.name', 'output.code', 'output.text', 'endDate', 'job.id', 'scriptResult'],
  possibleColumns: [{ name: 'status' }],
  countBy: 'outcome',
  rowFilters: { outcome: outcomes },
  filterFields: outcomeFields,
  undocumentedColumns: ['asset', 'job'],
  remarks: [
    'outcome succeeded: ended with code 0; failed: with another code, time-outs included; open: not ended, offline or busy alike. Ended without a code: none of them.',
    'Results of test runs are listed and counted, too.',
    'scriptResult (the output) comes only with includeOutput, also for match. id is the assetJobId of car_get_output.',
  ],
  isStable: (row) => {
    const { data } = z.object({ created }).safeParse(row)
    return data !== undefined && Date.parse(data.created.dateTime) < Date.now() - dayMs
  },
  hasLargeRows: ({ includeOutput }) => includeOutput === true,
})
