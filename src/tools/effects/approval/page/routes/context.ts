import type { CallStore, PageOptions, PageRequest, PageResponse, Viewer } from '../contract.ts'
import { noticePage } from '../html/notice-view.ts'
import type { FormTokens } from '../safety/form-token.ts'
import { pageResponse } from '../safety/headers.ts'

/** What all routes of one page share. */
export interface PageContext {
  readonly options: PageOptions
  readonly store: CallStore
  readonly tokens: FormTokens
  /** Resolves when a wrong code may be answered. */
  readonly wrongCode: () => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A request of a known viewer. */
export interface Visit {
  readonly request: PageRequest
  readonly viewer: Viewer
  /** What was posted, as text; empty for a GET. */
  readonly fields: URLSearchParams
  /** The members of a posted object in JSON. */
  readonly values: Readonly<Record<string, unknown>>
}

/** The answer for who has the link alone, where that is not enough. */
export const needsKey = ({ viewer }: Visit): PageResponse | undefined =>
  viewer.by === undefined
    ? pageResponse(
        403,
        noticePage(
          'This page is not open to links',
          'The link to a request gives the right to read that one. Let the program open the page itself to see more: its command approve CODE --page does that.',
        ),
      )
    : undefined
