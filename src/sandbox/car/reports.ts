import { reportText } from '../data/reports.ts'
import type { Report } from '../data/rows.ts'
import type { Store } from '../data/store.ts'
import { readCount } from '../query.ts'
import { attachment, jsonReply, notFound, type Reply } from '../reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../route.ts'
import type { World } from '../world.ts'

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
    'GET /sm/v1/reports/{reportId}/download': guessed((call) => downloaded(world, call), 'report download'),
  }
}

/** No page shows which of the two ids is meant, so both are accepted. */
export function reportById({ reports }: Store, { params: { reportId = '' } }: Call): Report {
  const report = reports.find(({ fileUuid, resourceId }) => fileUuid === reportId || resourceId === reportId)
  if (!report) throw notFound(`Report not found: ${reportId}`)
  return report
}

function downloaded({ store }: World, call: Call): Reply {
  const report = reportById(store, call)
  if (report.status !== 'COMPLETED') throw notFound(`Report is not available: ${report.status}`)
  return attachment(reportText(report, store.jobs), 'text/csv', `${report.filename}.csv`)
}
