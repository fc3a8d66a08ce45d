import { day, toOffsetIso } from '../../data/calendar.ts'
import { reportText } from '../../data/car/reports.ts'
import type { Report } from '../../data/car/rows.ts'
import { anyText, assumed, nonBlankText, oneOf } from '../../http/body-schema.ts'
import { callerOf } from '../../http/permission.ts'
import { jsonReply, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { reportById } from '../reports.ts'

/** release_2_4_api.htm shows method and path. The body is cut off; its names are those of the record. */
export const reportInputs = {
  reportName: assumed(nonBlankText),
  templateName: assumed(oneOf('Script Job Report')),
  fileFormat: assumed(oneOf('CSV')),
  description: assumed(anyText),
}

/** Creates and deletes reports. */
export function reportChangeRoutes(world: World): RouteTable {
  return {
    'POST /sm/v1/reports': guessed((call) => createReport(world, call), 'report create'),
    'DELETE /sm/v1/reports/{reportId}': guessed((call) => deleteReport(world, call), 'report delete'),
  }
}

function createReport(world: World, call: Call): Reply {
  const { store, eventQueue, knobs, random } = world
  const inputs = readInputs(world, call, reportInputs, ['reportName', 'templateName', 'fileFormat'])
  const at = Math.floor(world.now() / 1000) * 1000
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
    createdBy: String(callerOf(call).userId),
  }
  store.change(['reports'], () => store.reports.unshift(report))
  eventQueue.add(world.now() + knobs.reportSeconds * 1000, () => completeReport(world, report))
  const { resourceId } = report
  return jsonReply(200, { message: 'Report generation started.', fileUuid, resourceId })
}

function completeReport({ store }: World, report: Report): void {
  const fileSize = Buffer.byteLength(reportText(report, store.jobs))
  store.change(['reports'], () => Object.assign(report, { status: 'COMPLETED', fileSize }))
}

/** Also deletes a report that is not ready yet. */
function deleteReport({ store }: World, call: Call): Reply {
  const index = store.reports.indexOf(reportById(store, call))
  store.change(['reports'], () => store.reports.splice(index, 1))
  return jsonReply(200, { message: 'Report deleted successfully.' })
}
