import { reportText } from '../data/car/reports.ts'
import type { Report } from '../data/car/rows.ts'
import type { CarStore } from '../data/car/store.ts'
import { attachment, jsonReply, notFound, type Reply } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../http/route.ts'
import { readCount } from '../query/query.ts'
import type { World } from '../state/world.ts'

/** Reports: paged by limit and offset, and without the `body` envelope (release_2_4_api.htm). */
export function reportRoutes(world: World): RouteTable {
  const { store } = world
  return {
    'GET /sm/v1/reports': documented(({ query }) => {
      const limit = readCount(query['limit'], 'limit', 50, 1)
      const offset = readCount(query['offset'], 'offset', 0, 0)
      return jsonReply(200, {
        list: store.reports.slice(offset, offset + limit),
        totalCount: store.reports.length,
        message: 'Successfully list fetched.',
      })
    }, 'report view'),
    'GET /sm/v1/reports/{reportId}/download': guessed(
      (call) => downloadReport(world, call),
      'report download',
    ),
  }
}

/** No page shows which of the two ids is meant, so both are accepted. */
export function reportById({ reports }: CarStore, { params: { reportId = '' } }: Call): Report {
  const report = reports.find(({ fileUuid, resourceId }) => fileUuid === reportId || resourceId === reportId)
  if (!report) throw notFound(`Report not found: ${reportId}`)
  return report
}

function downloadReport({ store }: World, call: Call): Reply {
  const report = reportById(store, call)
  if (report.status !== 'COMPLETED') throw notFound(`Report is not available: ${report.status}`)
  return attachment(reportText(report, store.jobs), 'text/csv', `${report.filename}.csv`)
}
