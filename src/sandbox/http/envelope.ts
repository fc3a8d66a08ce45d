import type { IncomingHttpHeaders } from 'node:http'
import { element, type XmlElement } from '../xml/writer.ts'
import type { Reply } from './reply.ts'

/** The parts of a request that its reply needs. */
export interface RequestHead {
  path: string
  headers: IncomingHttpHeaders
}

/** The fields of a successful reply besides responseCode. */
export interface SuccessFields {
  /** Default: the number of objects in data. */
  count?: number
  hasMoreRecords?: string
  lastId?: number
  data?: readonly XmlElement[]
}

export function successEnvelope(
  head: RequestHead,
  { data = [], count = data.length, hasMoreRecords, lastId }: SuccessFields,
): Reply {
  const body = element('ServiceResponse', {
    responseCode: 'SUCCESS',
    count,
    hasMoreRecords,
    lastId,
    // Absent if nothing matched.
    data: data.length > 0 ? data : undefined,
  })
  return {
    status: 200,
    content: { xml: { ...body, attributes: schemaAttributes(head, schemaFile(head.path)) } },
  }
}

export interface ErrorDetails {
  code: string
  message: string
  resolution: string
}

/** The status is HTTP 200 by default, as in most refusals. */
export function errorEnvelope(head: RequestHead, error: ErrorDetails, status = 200): Reply {
  const { code, message, resolution } = error
  const body = element('ServiceResponse', {
    responseCode: code,
    responseErrorDetails: { errorMessage: message, errorResolution: resolution },
  })
  // Recorded for a failed login, whatever was requested.
  const xsd = code === 'INVALID_CREDENTIALS' ? '2.0/am/hostasset.xsd' : schemaFile(head.path)
  return { status, content: { xml: { ...body, attributes: schemaAttributes(head, xsd) } } }
}

/** `…/qps/rest/1.0/search/saq/user/` to `1.0/saq/user.xsd`. */
function schemaFile(path: string): string {
  const [, version, , object] = /^\/qps\/rest\/([\d.]+)\/(\w+)\/saq\/(\w+)/.exec(path) ?? []
  return version && object ? `${version}/saq/${object}.xsd` : 'version.xsd'
}

function schemaAttributes({ headers }: RequestHead, xsd: string): Record<string, string> {
  return {
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': `http://${headers.host ?? 'localhost'}/qps/xsd/${xsd}`,
  }
}
