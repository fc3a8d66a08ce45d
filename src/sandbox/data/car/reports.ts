import { anchor, day, hour, minute, toOffsetIso } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Job, Report } from './rows.ts'

const reportCount = 45

/** 45 reports, newest first; a report is kept for 30 days. The newest one is not ready, one has failed. */
export function makeReports(random: Random, jobs: Job[]): Report[] {
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
    if (status === 'COMPLETED') report.fileSize = Buffer.byteLength(reportText(report, jobs))
    return report
  })
}

/** The CSV of a report: the hundred jobs before its creation. No page shows one. */
export function reportText(report: Report, jobs: readonly Job[]): string {
  const until = Date.parse(report.createdAt)
  let end = jobs.length
  while (end > 0 && (jobs[end - 1]?.created.dateTime ?? 0) > until) end--
  const lines = jobs
    .slice(Math.max(0, end - 100), end)
    .reverse()
    .map(jobLine)
  return [header, ...lines].join('')
}

const header = csvLine([
  'Job ID',
  'Job Title',
  'Platform',
  'Execution Type',
  'Severity',
  'Category',
  'Created On',
])

/** Cached, since the reports of a seed share most of their lines. */
const jobLines = new WeakMap<Job, string>()

function jobLine(job: Job): string {
  const cached = jobLines.get(job)
  if (cached !== undefined) return cached
  const { id, title, platform, executionType, severity, category, created } = job
  const createdOn = new Date(created.dateTime).toISOString()
  const text = csvLine([id, title, platform, executionType, severity, category.name, createdOn])
  jobLines.set(job, text)
  return text
}

function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(quoteCell).join(',')}\r\n`
}

function quoteCell(cell: string | number): string {
  return /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)
}
