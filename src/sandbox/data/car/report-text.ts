import { decodeBase64 } from '../base64.ts'
import { scriptResult } from './content/outputs.ts'
import type { Asset, AssetJob, Job, Report } from './rows.ts'

/** What a report is made from. */
export interface ReportSource {
  readonly jobs: readonly Job[]
  readonly assetJobs: readonly AssetJob[]
  readonly assets: readonly Asset[]
}

/** One line per host, or one per job: see the knob reportLines. */
export type ReportLines = 'hosts' | 'jobs'

/** The CSV of a report. */
export function reportText(report: Report, source: ReportSource, lines: ReportLines = 'hosts'): string {
  const jobs = jobsBefore(report, source.jobs)
  const rows = lines === 'hosts' ? hostRows(report, jobs.at(-1), source) : jobRows(jobs)
  return rows.map(csvLine).join('')
}

function jobsBefore({ createdAt }: Report, jobs: readonly Job[]): readonly Job[] {
  const until = Date.parse(createdAt)
  let end = jobs.length
  while (end > 0 && (jobs[end - 1]?.created.dateTime ?? 0) > until) end--
  return jobs.slice(0, end)
}

type Cell = string | number | boolean

const hostHeader = [
  ...['Asset ID', 'Asset Title', 'Technology', 'Agent Uuid', 'Status', 'Is Asset Disconnected'],
  ...['Execution Start Time (In UTC)', 'Duration in Milliseconds', 'Return Code', 'Script Result'],
]

/**
 * The hosts of the last run before the report, as public code reads such a file (netsecops-76, branch
 * Qualys-Cloud-Agent-Log-Viewer): some lines, then a header that begins with `Asset ID`, then a line per host. The
 * order of the other columns, the lines above and the words of failures are ours.
 */
function hostRows(report: Report, job: Job | undefined, { assetJobs, assets }: ReportSource): Cell[][] {
  const until = Date.parse(report.createdAt)
  const results = assetJobs.filter((row) => row.job.id === job?.id && row.created.dateTime <= until)
  const above = [[report.templateName], ['Report', report.reportName], ['Job', job?.title ?? ''], []]
  return [...above, hostHeader, ...results.map((row) => hostRow(row, assets, until))]
}

/** `until`: what ended later was open when the report was made. */
function hostRow(row: AssetJob, assets: readonly Asset[], until: number): Cell[] {
  const { asset, outcome, created, enddate, output } = row
  const endedAt = Date.parse(enddate ?? '')
  const technology = assets.find(({ id }) => id === asset.id)?.operatingSystem ?? ''
  const host = [asset.id, asset.name, technology, asset.uuid]
  if (!(endedAt <= until))
    return [...host, 'MANIFEST_PARSE_SUCCESS', Number(row.id) % 2 === 0, '', '', '', '']
  return [
    ...host,
    outcome === 'succeeded' ? 'EXECUTION PASSED' : 'EXECUTION FAILED',
    false,
    new Date(created.dateTime).toISOString().slice(0, 19).replace('T', ' '),
    endedAt - created.dateTime,
    output?.code ?? '',
    `'${escapeResult(decodeBase64(scriptResult(row) ?? ''))}'`,
  ]
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\r': '\\r', '\n': '\\n' }

const escapeResult = (text: string): string => text.replace(/[\\'\r\n]/g, (sign) => escapes[sign] ?? sign)

const jobHeader = ['Job ID', 'Job Title', 'Platform', 'Execution Type', 'Severity', 'Category', 'Created On']

/** The last hundred jobs, newest first. */
function jobRows(jobs: readonly Job[]): Cell[][] {
  return [
    jobHeader,
    ...jobs
      .slice(-100)
      .reverse()
      .map(({ id, title, platform, executionType, severity, category, created }) => [
        ...[id, title, platform, executionType, severity, category.name],
        new Date(created.dateTime).toISOString(),
      ]),
  ]
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoteCell).join(',')}\r\n`
}

function quoteCell(cell: Cell): string {
  return /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)
}
