import type { IncomingHttpHeaders } from 'node:http'
import type { Reply } from '../reply.ts'
import { element, type XmlElement } from '../xml-writer.ts'

/** Of a request, what its answer tells back. */
export interface Addressed {
  path: string
  headers: IncomingHttpHeaders
}

/** What an answer says beside SUCCESS. */
export interface Success {
  count: number
  hasMoreRecords?: string
  lastId?: number
  data?: readonly XmlElement[]
}

export function succeeded(call: Addressed, { count, hasMoreRecords, lastId, data }: Success): Reply {
  const body = element('ServiceResponse', {
    responseCode: 'SUCCESS',
    count,
    hasMoreRecords,
    lastId,
    // Absent when nothing matched.
    data: data && data.length > 0 ? data : undefined,
  })
  return { status: 200, content: { xml: { ...body, attributes: schema(call, schemaOf(call.path)) } } }
}

/** Why something is refused. */
export interface Reason {
  code: string
  message: string
  resolution: string
}

/** HTTP 200 unless somebody says otherwise: the status is not the signal. */
export function refused(call: Addressed, reason: Reason, status = 200): Reply {
  const { code, message, resolution } = reason
  const body = element('ServiceResponse', {
    responseCode: code,
    responseErrorDetails: { errorMessage: message, errorResolution: resolution },
  })
  // Recorded at a bad login, whatever was asked for.
  const xsd = code === 'INVALID_CREDENTIALS' ? '2.0/am/hostasset.xsd' : schemaOf(call.path)
  return { status, content: { xml: { ...body, attributes: schema(call, xsd) } } }
}

/** `…/qps/rest/1.0/search/saq/user/` -> `1.0/saq/user.xsd` */
function schemaOf(path: string): string {
  const [, version, , object] = /^\/qps\/rest\/([\d.]+)\/(\w+)\/saq\/(\w+)/.exec(path) ?? []
  return version && object ? `${version}/saq/${object}.xsd` : 'version.xsd'
}

function schema({ headers }: Addressed, xsd: string): Record<string, string> {
  return {
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': `http://${headers.host ?? 'localhost'}/qps/xsd/${xsd}`,
  }
}
