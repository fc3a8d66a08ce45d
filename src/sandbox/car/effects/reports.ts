import { day, withOffset } from '../../data/calendar.ts'
import { reportText } from '../../data/car/reports.ts'
import type { Report } from '../../data/car/rows.ts'
import { anyText, madeUp, oneOf, words } from '../../http/body-schema.ts'
import { callerOf } from '../../http/permission.ts'
import { jsonReply, type Reply } from '../../http/reply.ts'
import { type Call, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { reportById } from '../reports.ts'

/** release_2_4_api.htm shows method and path. The body is cut off; its names are those of the record. */
export const reportInputs = {
  reportName: madeUp(words),
  templateName: madeUp(oneOf('Script Job Report')),
  fileFormat: madeUp(oneOf('CSV')),
  description: madeUp(anyText),
}

/** Creates and deletes reports. */
export function reportChangeRoutes(world: World): RouteTable {
  return {
    'POST /sm/v1/reports': guessed((call) => ordered(world, call), 'report create'),
    'DELETE /sm/v1/reports/{reportId}': guessed((call) => deleted(world, call), 'report delete'),
  }
}

function ordered(world: World, call: Call): Reply {
  const { store, agenda, knobs, chance } = world
  const inputs = readInputs(world, call, reportInputs, ['reportName', 'templateName', 'fileFormat'])
  const at = Math.floor(world.now() / 1000) * 1000
  const fileUuid = chance.uuid()
  const report: Report = {
    fileUuid,
    resourceId: chance.uuid(),
    resourceTag: inputs.templateName,
    ...inputs,
    description: inputs.description ?? '',
    status: 'IN_PROGRESS',
    fileSize: 0,
    expireOn: withOffset(at + 30 * day),
    timezone: null,
    fileZipped: 0,
    isScheduled: 0,
    filename: `${fileUuid}_${new Date(at).toISOString().slice(0, 16).replace('T', '_')}`,
    createdAt: withOffset(at),
    createdBy: String(callerOf(call).userId),
  }
  store.change(['reports'], () => store.reports.unshift(report))
  agenda.add(world.now() + knobs.reportSeconds * 1000, () => complete(world, report))
  const { resourceId } = report
  return jsonReply(200, { message: 'Report generation started.', fileUuid, resourceId })
}

function complete({ store }: World, report: Report): void {
  const fileSize = Buffer.byteLength(reportText(report, store.jobs))
  store.change(['reports'], () => Object.assign(report, { status: 'COMPLETED', fileSize }))
}

/** Also deletes a report that is not ready yet. */
function deleted({ store }: World, call: Call): Reply {
  const place = store.reports.indexOf(reportById(store, call))
  store.change(['reports'], () => store.reports.splice(place, 1))
  return jsonReply(200, { message: 'Report deleted successfully.' })
}
