// Answers of the API server, as it writes them, and the content of its search requests.

/** An answer of the API server with these parts. */
export function response(parts: string): string {
  const schema = 'https://qualysapi.qualys.com/qps/xsd/1.0/saq/user.xsd'
  const root = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${schema}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceResponse ${root}>${parts}</ServiceResponse>`
}

export const success = (parts = ''): string => response(`<responseCode>SUCCESS</responseCode>${parts}`)

const part = (name: string, text: string | undefined): string =>
  text === undefined ? '' : `<${name}>${text}</${name}>`

/** A recorded refusal, within HTTP 200. */
export function refusal(code: string, message?: string, resolution?: string): string {
  const details = part('errorMessage', message) + part('errorResolution', resolution)
  return response(part('responseCode', code) + (details && part('responseErrorDetails', details)))
}

/** An error that the API server sends before any module answers (appendix_d.htm). */
export function simpleReturn(code: string | undefined, text: string): string {
  const inner = part('DATETIME', '2026-11-22T08:00:00Z') + part('CODE', code) + part('TEXT', text)
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<SIMPLE_RETURN><RESPONSE>${inner}</RESPONSE></SIMPLE_RETURN>`
}

/** The same, as recorded from the VM API. */
export const simpleReturnWithDtd = (code: string | undefined, text: string): string =>
  simpleReturn(code, text).replace(
    '\n',
    '\n<!DOCTYPE SIMPLE_RETURN SYSTEM "https://qualysapi.qualys.com/api/2.0/simple_return.dtd">\n',
  )

/** A row of a kind with its content. */
export const row = (name: string, id: number | string, more = ''): string =>
  `<${name}><id>${id}</id>${more}</${name}>`

/** A page of a list, with its paging fields. */
export const pageOf = (rows: readonly string[], more: boolean | undefined): string =>
  success(
    `<count>${rows.length}</count>${more === undefined ? '' : `<hasMoreRecords>${more}</hasMoreRecords>`}<data>${rows.join('')}</data>`,
  )

/** The content of a search request. */
export interface SearchRequest {
  readonly limit: number
  /** The first row, counted from 1. */
  readonly offset: number
  /** Only rows with a larger id. */
  readonly afterId: number | undefined
  readonly body: string
}

const numberIn = (body: string, pattern: RegExp): number | undefined => {
  const digits = pattern.exec(body)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Reads the body of a search request. */
export function parseSearch(body: string): SearchRequest {
  return {
    limit: numberIn(body, /<limitResults>(\d+)</) ?? 100,
    offset: numberIn(body, /<startFromOffset>(\d+)</) ?? 1,
    afterId: numberIn(body, /operator="GREATER">(\d+)</),
    body,
  }
}
