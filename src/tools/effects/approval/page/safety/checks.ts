import type { PageRequest } from '../contract.ts'

// What is checked of each request before anything is looked up (https://w3c.github.io/webappsec-fetch-metadata/).

/** The most bytes of a body. */
export const maxBodyBytes = 64 * 1024

/** The one path that a post reaches from a file on this machine. */
export const openPath = '/open'

/** Why a request is refused: an HTTP status and one sentence. */
export interface PageRefusal {
  readonly status: number
  readonly sentence: string
}

/** What would show the page under something else. */
const frames: readonly unknown[] = ['iframe', 'frame', 'object', 'embed', 'fencedframe']

const refusal = (status: number, sentence: string): PageRefusal => ({ status, sentence })

/** Links lead here from anywhere, such as out of a chat. Whatever else a browser asks for, a page of this origin wants. */
function readFault({ headers }: PageRequest, own: string): PageRefusal | undefined {
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers
  if (frames.includes(dest)) return refusal(403, 'This page is shown in no frame: open it by itself.')
  if (mode === 'navigate') return undefined
  const isForeign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== own)
  return isForeign ? refusal(403, 'Other pages may lead to this one, and not load it.') : undefined
}

/** The page key is posted by a file, which has no origin. The answer is a page for a person, so a browser goes there. */
function openFault({ headers }: PageRequest, own: string): PageRefusal | undefined {
  const { origin, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers
  const isVisit = mode === undefined || mode === 'navigate'
  if ((origin === 'null' || origin === own) && isVisit && !frames.includes(dest)) return undefined
  return refusal(403, 'This is opened by the program itself, and by nothing else.')
}

/** Browsers send Origin with every post, and so must everybody. */
function originFault({ headers }: PageRequest, own: string): PageRefusal | undefined {
  const { origin, 'sec-fetch-site': site } = headers
  if (origin === own && (site === undefined || site === 'same-origin')) return undefined
  return refusal(403, 'This comes from another page: open the approval page itself, and do it there.')
}

/** The paths that the script posts to. */
export const isForScript = (path: string): boolean => /\/(?:passkey|options|add)$/.test(path)

function bodyFault({ headers, body, path }: PageRequest): PageRefusal | undefined {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/)
  const wanted = isForScript(path) ? 'application/json' : 'application/x-www-form-urlencoded'
  const isUtf8 = parameters.every((one) => !one.startsWith('charset=') || /^charset="?utf-8"?$/.test(one))
  if (type.trim() !== wanted || !isUtf8 || (headers['content-encoding'] ?? 'identity') !== 'identity')
    return refusal(415, `This takes ${wanted} in UTF-8.`)
  return body.length > maxBodyBytes
    ? refusal(413, `A body of more than ${maxBodyBytes} bytes is not taken.`)
    : undefined
}

/** Why a request is refused before anything is looked up; undefined if it may go on. `own`: the origin of the page. */
export function requestFault(request: PageRequest, own: string): PageRefusal | undefined {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readFault(request, own)
    case 'POST':
      return (
        (request.path === openPath ? openFault(request, own) : originFault(request, own)) ??
        bodyFault(request)
      )
    default:
      return refusal(405, 'The page is read by GET and answered by POST.')
  }
}
