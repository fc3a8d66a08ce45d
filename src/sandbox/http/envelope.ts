import type { IncomingHttpHeaders } from 'node:http'
import { element, type XmlElement } from '../xml/writer.ts'
import type { Reply } from './reply.ts'

/** The parts of a request that its answer needs. */
export interface Addressed {
  path: string
  headers: IncomingHttpHeaders
}

/** The fields of an answer besides SUCCESS. */
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
    // Absent if nothing matched.
    data: data && data.length > 0 ? data : undefined,
  })
  return { status: 200, content: { xml: { ...body, attributes: schema(call, schemaOf(call.path)) } } }
}

export interface Reason {
  code: string
  message: string
  resolution: string
}

/** The status is HTTP 200 by default, as in most refusals. */
export function refused(call: Addressed, reason: Reason, status = 200): Reply {
  const { code, message, resolution } = reason
  const body = element('ServiceResponse', {
    responseCode: code,
    responseErrorDetails: { errorMessage: message, errorResolution: resolution },
  })
  // Recorded for a failed login, whatever was requested.
  const xsd = code === 'INVALID_CREDENTIALS' ? '2.0/am/hostasset.xsd' : schemaOf(call.path)
  return { status, content: { xml: { ...body, attributes: schema(call, xsd) } } }
}

/** `…/qps/rest/1.0/search/saq/user/` to `1.0/saq/user.xsd`. */
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
