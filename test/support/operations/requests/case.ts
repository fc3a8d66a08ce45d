// Calls, and the requests that must come of them, as the pages of Qualys have them.

/** A call of CAR. */
export interface Case {
  readonly args: Readonly<Record<string, unknown>>
  readonly path: string
  /** No body: none may be sent. */
  readonly body?: Readonly<Record<string, unknown>>
  /** A call before it, for what only a filtered list brings up. */
  readonly after?: readonly [tool: string, args: object]
  /** Qualys' answer, where the sandbox has none for these ids. */
  readonly reply?: unknown
}

interface Thing {
  readonly id: number
  readonly uuid: string
}

/** What cases take from the account. */
export interface Place {
  readonly hosts: readonly [Thing, Thing]
  readonly labHosts: readonly [Thing, Thing]
  /** Tag 7512801. */
  readonly tag: Thing
}

/** By what is special about them. */
export type Cases = Readonly<Record<string, Case | ((place: Place) => Case)>>
/** By tool. */
export type ToolCases = Readonly<Record<string, Cases>>

/** Values of named secrets that cases pass on: the tokens are those that the sandbox's repositories open to. */
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
  /** What stands in `ServiceRequest`, literally but for blanks between elements. */
  readonly body: string
}

/** What cases of SAQ take from the account. */
export interface SaqPlace {
  /** A template that is still a draft. */
  readonly draft: string
  readonly users: readonly Readonly<Record<string, unknown>>[]
  /** Recipients of the inactive campaign. */
  readonly invited: readonly string[]
}

export type SaqCases = Readonly<Record<string, SaqCase | ((place: SaqPlace) => SaqCase)>>
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
