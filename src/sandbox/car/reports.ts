import { reportText } from '../data/car/report-text.ts'
import type { Report } from '../data/car/rows.ts'
import { attachment, jsonReply, notFound, type Reply } from '../http/reply.ts'
import { readCount } from '../query/query.ts'
import { type Call, documented, guessed, type RouteTable } from '../route.ts'
import type { World } from '../state/world.ts'
import { spelled } from './empty-list.ts'

/** Reports: paged by limit and offset, and without the `body` envelope (release_2_4_api.htm). */
export const reportRoutes: RouteTable = {
  'GET /sm/v1/reports': documented(listReports, 'report view'),
  'GET /sm/v1/reports/{reportId}/download': guessed(
    'Release 2.4 names the call; its path is cut off.',
    downloadReport,
    'report download',
  ),
}

function listReports({ query, world }: Call): Reply {
  const { reports } = world.store
  const limit = readCount(query['limit'], 'limit', 50, 1)
  const offset = readCount(query['offset'], 'offset', 0, 0)
  const list = reports.slice(offset, offset + limit).map((report) => withSize(report, world))
  return jsonReply(200, {
    list: spelled(world.knobs, reports.length, list),
    totalCount: reports.length,
    message: 'Successfully list fetched.',
  })
}

/** The stored size is that of a report with lines for hosts. */
function withSize(report: Report, { store, knobs }: World): Report {
  if (knobs.reportLines === 'hosts' || report.status !== 'COMPLETED') return report
  return { ...report, fileSize: Buffer.byteLength(reportText(report, store, knobs.reportLines)) }
}

/** No page shows which of the two ids is meant, so both are accepted. */
export function reportById({ world, params: { reportId = '' } }: Call): Report {
  const report = world.store.reports.find(
    ({ fileUuid, resourceId }) => fileUuid === reportId || resourceId === reportId,
  )
  if (!report) throw notFound(`Report not found: ${reportId}`)
  return report
}

function downloadReport(call: Call): Reply {
  const report = reportById(call)
  if (report.status !== 'COMPLETED') throw notFound(`Report is not available: ${report.status}`)
  const { store, knobs } = call.world
  return attachment(reportText(report, store, knobs.reportLines), 'text/csv', `${report.filename}.csv`)
}
