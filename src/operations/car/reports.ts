import { z } from 'zod'
import { boolean, id, oneRecord, recordId, text, time } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint } from '../sentences.ts'
import { statusFilter } from './script-filters/status.ts'
import { deletedReportState, newReportState } from './states/report.ts'
import { titled, withTitle } from './states/words.ts'

export const listReports = operation({
  name: 'car_list_reports',
  title: 'List reports',
  description: 'The reports that were generated, with state and expiry',
  route: 'GET /sm/v1/reports',
  effect: 'read',
  evidence: 'documented',
  source: 'car/release-notes/car/release_2_4_api.htm',
  input: {},
  localFilters: { status: statusFilter() },
  returns: 'rows',
  paging: { kind: 'offset' },
  record: z.looseObject({
    fileUuid: z.string(),
    reportName: z.string(),
    status: z.string(),
    fileFormat: z.string().optional(),
    fileSize: z.number().nullish(),
    createdAt: time.nullish(),
    expireOn: time.nullish(),
    fileZipped: boolean.nullish(),
    isScheduled: boolean.nullish(),
  }),
  columns: ['fileUuid', 'reportName', 'status', 'createdAt'],
  countBy: 'status',
  remarks: ['fileUuid is the reportId of other tools. Only a COMPLETED one can be downloaded.'],
})

export const downloadReport = operation({
  name: 'car_download_report',
  title: 'Download a report',
  description: 'The file of one completed report',
  route: 'GET /sm/v1/reports/{reportId}/download',
  effect: 'read',
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_4_api.htm names the operation; its path is cut off',
  input: { reportId: id('(fileUuid) from car_list_reports') },
  returns: 'file',
  record: z.looseObject({}),
  columns: ['*'],
})

export const generateReport = operation({
  name: 'car_generate_report',
  title: 'Generate a report',
  description: 'Have Qualys make a report, as CSV',
  route: 'POST /sm/v1/reports',
  effect: 'create',
  evidence: 'guessed',
  source:
    'car/release-notes/car/release_2_4_api.htm names path and method; the body is cut off and follows the fields of the list; sister modules call the first field name',
  input: {
    reportName: text(255),
    templateName: text(255, 'e.g. Script Job Report'),
    description: text(1_000).optional(),
  },
  // The only format that a page shows.
  request: ({ reportName, templateName, description }) => ({
    body: { reportName, templateName, fileFormat: 'CSV', description },
  }),
  ...oneRecord(z.looseObject({ id: recordId.optional(), fileUuid: z.string().optional() })),
  change: {
    targets: () => ({ product: 'car' }),
    // Container Security and Patch Management: no proof for CAR.
    warnings: () => [
      'The names of the fields are guesses: other modules of Qualys call the first one name, and ask for a filter or a job id besides.',
    ],
    newState: ({ reportName }, record, lists) => newReportState(reportName, record, listReports, lists),
    summary: ({ fileUuid, id }, { reportName }) =>
      `report ${idOrHint(fileUuid ?? id, 'car_list_reports')}${titled(reportName)} asked for`,
    next: () => 'It takes a while: car_list_reports shows when it is COMPLETED.',
    recovery: 'look for the name with car_list_reports',
  },
})

export const deleteReport = operation({
  name: 'car_delete_report',
  title: 'Delete a report',
  description: 'Remove a report and its file',
  route: 'DELETE /sm/v1/reports/{reportId}',
  effect: 'delete',
  evidence: 'guessed',
  source: 'car/api/reports/delete_report.htm exists but could not be read; its path is a guess',
  input: { reportId: id('(fileUuid) from car_list_reports') },
  ...oneRecord(z.looseObject({})),
  change: {
    targets: ({ reportId }) => ({ product: 'car', reports: [reportId] }),
    warnings: () => ['A deleted report cannot be brought back.'],
    newState: ({ reportId }, _record, lists) => deletedReportState(reportId, listReports, lists),
    summary: (_, { reportId }, shown) => `report ${withTitle('report', reportId, shown)} deleted`,
    recovery: 'look for it with car_list_reports',
  },
})
