import { anchor, day, hour, minute, toOffsetIso } from '../calendar.ts'
import type { Random } from '../random.ts'
import { type ReportSource, reportText } from './report-text.ts'
import type { Report } from './rows.ts'

const reportCount = 45

/** 45 reports, newest first; a report is kept for 30 days. The newest one is not ready, one has failed. */
export function makeReports(random: Random, source: ReportSource): Report[] {
  let createdAt = anchor - 3 * minute
  return Array.from({ length: reportCount }, (_, index) => {
    const fileUuid = random.uuid()
    const status = index === 0 ? 'IN_PROGRESS' : index === 7 ? 'FAILED' : 'COMPLETED'
    const created = new Date(createdAt - (createdAt % 1000))
    createdAt -= random.between(hour, 30 * hour)
    const report: Report = {
      fileUuid,
      resourceId: random.uuid(),
      resourceTag: 'Script Job Report',
      reportName: random.pick([
        'Weekly jobs',
        'Script Job Report',
        'Audit évidence',
        'Jobs | failed',
        'Q4 evidence',
      ]),
      fileFormat: 'CSV',
      templateName: 'Script Job Report',
      status,
      fileSize: 0,
      expireOn: toOffsetIso(created.getTime() + 30 * day),
      timezone: null,
      description: random.chance(0.4) ? 'Generated for the change board' : '',
      fileZipped: 0,
      isScheduled: random.chance(0.2) ? 1 : 0,
      filename: `${fileUuid}_${created.toISOString().slice(0, 16).replace('T', '_')}`,
      createdAt: toOffsetIso(created.getTime()),
      createdBy: random.chance(0.7) ? '422036547' : '422036612',
    }
    if (status === 'COMPLETED') report.fileSize = Buffer.byteLength(reportText(report, source))
    return report
  })
}
