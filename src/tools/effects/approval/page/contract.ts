import type { IncomingHttpHeaders } from 'node:http'
import type { Settings } from '../../../../config/settings.ts'
import type { Log } from '../../../../shared/log.ts'
import type { ApprovalRecord } from '../../../approvals.ts'
import type { Approval, FoundCall, StoredCall } from '../pending/stored-call.ts'
import type { Passkeys } from './passkeys/passkeys.ts'

// The approval page as an application: what a server gives it, and what it answers. It opens no port and knows no cookie.

/** A request, as a server received it. */
export interface PageRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer. The page adds the headers of its safety to those of an authority. */
export interface PageResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Buffer
}

/** What decides who may see and decide a call. A stored call is one. */
export type AskedCall = Pick<StoredCall, 'record' | 'person' | 'needsOther'>

/** Who looks at the page. */
export interface Viewer {
  /** What gives the right to decide and to see lists; absent for who has the link alone: they read one call. */
  readonly by?: 'page key' | 'login'
  /** Who is logged in. */
  readonly person?: string
  /** False for a call that is answered like an unknown code. */
  readonly sees: (call: AskedCall) => boolean
  /** Why this viewer may not decide, in one sentence; undefined if they may. */
  readonly obstacle: (call: AskedCall) => string | undefined
  /** Hidden inputs of every form: the page key; none where a cookie says who it is. */
  readonly fields: Readonly<Record<string, string>>
}

/** Who knows the viewers: of the loopback page by its key, of the service by a session. */
export interface Authority {
  /** Who sends a request, or the answer that comes first, such as a page to log in. `body`: the fields of a post. */
  readonly viewerOf: (
    request: PageRequest,
    body: URLSearchParams | undefined,
  ) => Promise<Viewer | { readonly response: PageResponse }>
  /** What the tokens of forms are bound to, such as the id of a session: never shown. */
  readonly tokenBinding: (request: PageRequest, viewer: Viewer) => string
}

/** Where the calls lie. */
export interface CallStore {
  readonly find: (code: string) => FoundCall | undefined
  readonly list: () => readonly FoundCall[]
  /** False if the call waits no longer. */
  readonly approve: (digest: string, approval: Approval) => boolean
  readonly decline: (digest: string, declined: NonNullable<StoredCall['declined']>) => boolean
}

/** A decision that a person made, as the audit log tells it. */
export interface LoggedDecision {
  /** In UTC. */
  readonly at: string
  readonly decision: 'approved' | 'declined'
  readonly tool: string
  readonly effect: string
  /** What was shown first; absent where the log does not say it. */
  readonly headline?: string
  /** By whom and how, as one clause. */
  readonly by: string
  /** What became of it. */
  readonly outcome?: string
  /** The record of the call, and who asked; absent in logs of earlier versions. */
  readonly record?: ApprovalRecord
  readonly person?: string
}

export interface PageOptions {
  readonly settings: Pick<Settings, 'passkeyFor'>
  readonly stateDir: string
  /** Where the page is, such as `http://localhost:40123`. */
  readonly origin: () => string
  /** The name that its passkeys belong to, such as `localhost`. */
  readonly rpId: () => string
  readonly authority: Authority
  readonly passkeys: Passkeys
  /** The last decisions, newest first; absent without an audit log. */
  readonly decisions?: (() => Promise<readonly LoggedDecision[]>) | undefined
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** The calls of the state folder unless it is given. */
  readonly store?: CallStore
  /** Resolves after so many milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>
}

/** The page. */
export interface PageApp {
  /** Never rejects. */
  readonly handle: (request: PageRequest) => Promise<PageResponse>
}
