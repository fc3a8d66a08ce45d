import { createHash, randomBytes, timingSafeEqual } from '../../../../../shared/crypto.ts'
import { localCaller } from '../../../../tool.ts'
import type { Authority, PageRequest, Viewer } from '../contract.ts'
import { noticePage } from '../html/notice-view.ts'
import { pageResponse } from '../safety/headers.ts'

/** The page key of a process. No reply, log, argument or address that a model sees holds it. */
export interface PageKey {
  readonly text: string
  /** Compares in a time that does not show where a wrong one differs. */
  readonly isKey: (text: string) => boolean
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

export function makePageKey(): PageKey {
  const text = randomBytes(32).toString('base64url')
  const right = hash(text)
  return { text, isKey: (given) => timingSafeEqual(hash(given), right) }
}

/**
 * Over stdio there is one person, who may see everything, and decide what this machine asks for. A service that shares the
 * state folder takes what its own page sealed: a yes given here would be none there.
 */
const rights: Pick<Viewer, 'sees' | 'obstacle'> = {
  sees: () => true,
  obstacle: ({ record }) =>
    record.caller === localCaller.id
      ? undefined
      : 'This request is of a service, and only the page of that service decides it: open the link that the assistant gave.',
}

/** Who opens a link has no key. */
const reader: Viewer = { ...rights, fields: {} }

/** The key of a form, or of an address that went to the window of a client. */
const givenKey = ({ query }: PageRequest, body: URLSearchParams | undefined): string | null =>
  body ? body.get('key') : query.get('key')

/** Knows who holds the page key. It is carried by forms: cookies of localhost are shared by all ports. */
export function keyAuthority({ text, isKey }: PageKey): Authority {
  const holder: Viewer = { ...rights, by: 'page key', fields: { key: text } }
  return {
    viewerOf: async (request, body) => {
      const given = givenKey(request, body)
      if (given === null) return reader
      if (isKey(given)) return holder
      const page = noticePage(
        'This page is of another start of the program',
        'The server that opened it has ended, or was started again. Let the assistant make the call again: its server opens a new page.',
      )
      return { response: pageResponse(403, page) }
    },
    tokenBinding: (_request, { by }) => by ?? 'link',
  }
}
