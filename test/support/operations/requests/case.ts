// Calls, and the requests they must send, as the pages of Qualys document them.

/** A call of CAR. */
export interface Case {
  readonly args: Readonly<Record<string, unknown>>
  readonly path: string
  /** No body: none may be sent. */
  readonly body?: Readonly<Record<string, unknown>>
  /** A call before it, for ids that only a filtered list shows. */
  readonly after?: readonly [tool: string, args: object]
  /** Qualys' answer, if the sandbox has none for these ids. */
  readonly reply?: unknown
  /** What becomes of the stored content of the script; over HTTP it goes along. */
  readonly edited?: (stored: string) => string
}

interface Thing {
  readonly id: number
  readonly uuid: string
}

/** The ids of the account that cases use. */
export interface AccountObjects {
  readonly hosts: readonly [Thing, Thing]
  readonly labHosts: readonly [Thing, Thing]
  /** Tag 7512801. */
  readonly tag: Thing
  /** The file UUID of a finished report. */
  readonly report: string
}

/** By what distinguishes them. */
export type Cases = Readonly<Record<string, Case | ((place: AccountObjects) => Case)>>
/** By tool. */
export type ToolCases = Readonly<Record<string, Cases>>

/** Values of the named secrets that cases use: the sandbox's repositories accept these tokens. */
export const secrets = {
  QUALYS_SECRET_CORP_GITHUB: 'sandbox-github-token',
  QUALYS_SECRET_CORP_GITLAB: 'sandbox-gitlab-token',
  QUALYS_SECRET_DB_PASSWORD: 'p+w/d=ü"',
}

/** A call of SAQ. */
export interface SaqCase {
  readonly args: Readonly<Record<string, unknown>>
  /** Below `/qps/rest/1.0/`. */
  readonly path: string
  /** The content of `ServiceRequest`, literally except for blanks between elements. */
  readonly body: string
  /** Qualys' answer, if the sandbox refuses what the page leaves open. */
  readonly reply?: string
}

/** The ids of the account that cases of SAQ use. */
export interface SaqAccountObjects {
  /** A template that is still a draft. */
  readonly draft: string
  readonly users: readonly Readonly<Record<string, unknown>>[]
  /** Recipients of the inactive campaign. */
  readonly invited: readonly string[]
}

export type SaqCases = Readonly<Record<string, SaqCase | ((place: SaqAccountObjects) => SaqCase)>>
export type SaqToolCases = Readonly<Record<string, SaqCases>>

/** The body of a request of SAQ. */
export const serviceRequest = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceRequest>${inner.replaceAll(/>\s+</g, '><').trim()}</ServiceRequest>`

/** Every member of a JSON value, at any depth. */
export function membersOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Array.isArray(value) ? [] : Object.keys(value)
  return [...names, ...Object.values(value).flatMap(membersOf)]
}
