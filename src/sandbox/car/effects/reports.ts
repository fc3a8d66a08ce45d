import { day, toOffsetIso } from '../../data/calendar.ts'
import { reportText } from '../../data/car/report-text.ts'
import type { Report } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import { removeRows } from '../../data/remove-rows.ts'
import { anyText, nonBlankText, oneOf } from '../../http/body-schema.ts'
import { assumed } from '../../http/input.ts'
import { jsonReply, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'
import { reportById } from '../reports.ts'

const reportInputs = assumed(
  'The names of the fields of a report. CSV and Script Job Report are the only values that are shown.',
  {
    reportName: nonBlankText,
    templateName: oneOf('Script Job Report'),
    fileFormat: oneOf('CSV'),
    description: anyText,
  },
)

/** Creates and deletes reports. */
export const reportChangeRoutes: RouteTable = {
  'POST /sm/v1/reports': {
    ...guessed('Method and path are documented, the body is cut off.', createReport, 'report create'),
    inputs: reportInputs,
  },
  'DELETE /sm/v1/reports/{reportId}': guessed(
    'Release 2.4 names the call; its path is cut off.',
    deleteReport,
    'report delete',
  ),
}

function createReport(call: Call): Reply {
  const { store, eventQueue, knobs, random, now } = call.world
  const inputs = readInputs(call, reportInputs, ['reportName', 'templateName', 'fileFormat'])
  const at = Math.floor(now() / 1000) * 1000
  const fileUuid = random.uuid()
  const report: Report = {
    fileUuid,
    resourceId: random.uuid(),
    resourceTag: inputs.templateName,
    ...inputs,
    description: inputs.description ?? '',
    status: 'IN_PROGRESS',
    fileSize: 0,
    expireOn: toOffsetIso(at + 30 * day),
    timezone: null,
    fileZipped: 0,
    isScheduled: 0,
    filename: `${fileUuid}_${new Date(at).toISOString().slice(0, 16).replace('T', '_')}`,
    createdAt: toOffsetIso(at),
    createdBy: String(call.account.userId),
  }
  store.change(['reports'], () => store.reports.unshift(report))
  eventQueue.add(now() + knobs.reportSeconds * 1000, () => completeReport(store, report))
  const { resourceId } = report
  return jsonReply(200, {
    message: 'Report generation started.',
    ...(knobs.effectIds === 'shown' && { fileUuid, resourceId }),
  })
}

function completeReport(store: CarStore, report: Report): void {
  const fileSize = Buffer.byteLength(reportText(report, store))
  store.change(['reports'], () => Object.assign(report, { status: 'COMPLETED', fileSize }))
}

/** Also deletes a report that is not ready yet. */
function deleteReport(call: Call): Reply {
  const { store } = call.world
  const deleted = reportById(call)
  store.change(['reports'], () => removeRows(store.reports, (report) => report === deleted))
  return jsonReply(200, { message: 'Report deleted successfully.' })
}
