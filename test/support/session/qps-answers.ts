// Answers of the API server, as it writes them, and what its searches ask for.

/** An answer of the API server with these parts, as it writes one. */
export function response(parts: string): string {
  const schema = 'https://qualysapi.qualys.com/qps/xsd/1.0/saq/user.xsd'
  const root = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${schema}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceResponse ${root}>${parts}</ServiceResponse>`
}

export const success = (parts = ''): string => response(`<responseCode>SUCCESS</responseCode>${parts}`)

const part = (name: string, text: string | undefined): string =>
  text === undefined ? '' : `<${name}>${text}</${name}>`

/** A refusal as it was recorded, within HTTP 200. */
export function refusal(code: string, message?: string, resolution?: string): string {
  const told = part('errorMessage', message) + part('errorResolution', resolution)
  return response(part('responseCode', code) + (told && part('responseErrorDetails', told)))
}

/** What the API server says before any module does (appendix_d.htm). */
export function simple(code: string | undefined, text: string): string {
  const inner = part('DATETIME', '2026-11-22T08:00:00Z') + part('CODE', code) + part('TEXT', text)
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<SIMPLE_RETURN><RESPONSE>${inner}</RESPONSE></SIMPLE_RETURN>`
}

/** The same, as the VM API is recorded to print it. */
export const simpleWithDtd = (code: string | undefined, text: string): string =>
  simple(code, text).replace(
    '\n',
    '\n<!DOCTYPE SIMPLE_RETURN SYSTEM "https://qualysapi.qualys.com/api/2.0/simple_return.dtd">\n',
  )

/** A row of a kind with what it holds. */
export const row = (name: string, id: number | string, more = ''): string =>
  `<${name}><id>${id}</id>${more}</${name}>`

/** A page of a list, with what a search says about it. */
export const pageOf = (rows: readonly string[], more: boolean | undefined): string =>
  success(
    `<count>${rows.length}</count>${more === undefined ? '' : `<hasMoreRecords>${more}</hasMoreRecords>`}<data>${rows.join('')}</data>`,
  )

/** What a search asks for. */
export interface Asked {
  readonly limit: number
  /** The first row, counted from 1. */
  readonly offset: number
  /** The id that all rows must lie behind. */
  readonly beyond: number | undefined
  readonly body: string
}

const numberIn = (body: string, pattern: RegExp): number | undefined => {
  const digits = pattern.exec(body)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** What the body of a search asks for. */
export function askedIn(body: string): Asked {
  return {
    limit: numberIn(body, /<limitResults>(\d+)</) ?? 100,
    offset: numberIn(body, /<startFromOffset>(\d+)</) ?? 1,
    beyond: numberIn(body, /operator="GREATER">(\d+)</),
    body,
  }
}
