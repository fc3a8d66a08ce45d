import { successEnvelope } from '../http/envelope.ts'
import { jsonReply, type Reply } from '../http/reply.ts'
import { type Call, documented, type RouteTable } from '../route.ts'
import { element } from '../xml/writer.ts'

/** As getting_started.htm prints them in XML. */
const versions = {
  'PortalApplication-VERSION': '2.33.0.0-SNAPSHOT-1 DEVELOP #352 (2018-05-07T22:53:43Z)',
  'WAS-VERSION': '6.0.0.0',
  'FIM-VERSION': '1.5.1',
  'VM-VERSION': '1.0.3',
  'CERTVIEW-VERSION': '1.1.0.0',
  'CM-VERSION': '1.20.1',
  'MDS-VERSION': '2.11.7.0',
  'CA-VERSION': '2.9.1.0',
  'IOC-VERSION': '1.1.0',
  'AV2-VERSION': '0.1.0',
  'QUESTIONNAIRE-VERSION': '2.14.0.4',
  'WAF-VERSION': '2.7.0.0',
}

/** Missing in the page's JSON sample. */
const xmlOnly = ['FIM-VERSION', 'CERTVIEW-VERSION', 'IOC-VERSION', 'AV2-VERSION']

/** The version of the portal, in XML or JSON. */
export const versionRoutes: RouteTable = {
  'GET /qps/rest/portal/version': documented(versionReply),
}

function versionReply(call: Call): Reply {
  if (!/\bapplication\/json\b/.test(call.headers.accept ?? '')) {
    return successEnvelope(call, { data: [element('Portal-Version', versions)] })
  }
  const jsonVersions = Object.fromEntries(
    Object.entries(versions).filter(([name]) => !xmlOnly.includes(name)),
  )
  const data = [{ 'Portal-Version': jsonVersions }]
  return jsonReply(200, { ServiceResponse: { data, responseCode: 'SUCCESS', count: 1 } })
}
