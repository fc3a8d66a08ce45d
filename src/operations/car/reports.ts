import { z } from 'zod'
import { flag, id, time } from '../fields.ts'
import { operation } from '../operation.ts'

export const listReports = operation({
  name: 'car_list_reports',
  title: 'List reports',
  description: 'The reports that were generated, with state and expiry',
  route: 'GET /sm/v1/reports',
  effect: 'read',
  evidence: 'documented',
  source: 'car/release-notes/car/release_2_4_api.htm',
  input: {},
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
    fileZipped: flag.nullish(),
    isScheduled: flag.nullish(),
  }),
  columns: ['fileUuid', 'reportName', 'status', 'fileFormat', 'fileSize', 'createdAt', 'expireOn'],
  tally: 'status',
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
