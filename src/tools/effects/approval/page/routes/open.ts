import type { PageResponse } from '../contract.ts'
import { noticePage } from '../html/notice-view.ts'
import { pageResponse } from '../safety/headers.ts'
import { showCall } from './calls.ts'
import { needsKey, type PageContext, type Visit } from './context.ts'
import { showDecisions, showWaiting } from './lists.ts'
import type { PasskeyRoutes } from './passkeys.ts'

const callPath = /^\/approve\/([A-Za-z\d-]{1,32})$/

/**
 * The page that the program opens itself: a file on this machine posts the page key, and what is to be shown. It shows
 * and decides nothing, whatever else is posted.
 */
export async function openPage(
  context: PageContext,
  passkeys: PasskeyRoutes,
  visit: Visit,
): Promise<PageResponse> {
  const refused = needsKey(visit)
  if (refused) return refused
  const path = visit.fields.get('path') ?? '/waiting'
  const [, code] = callPath.exec(path) ?? []
  if (code !== undefined) return showCall(context, visit, code)
  switch (path) {
    case '/waiting':
      return showWaiting(context, visit)
    case '/decisions':
      return showDecisions(context, visit)
    case '/passkeys':
      return passkeys.show(visit, visit.fields.get('person') ?? undefined)
    default:
      return pageResponse(
        404,
        noticePage('There is no such page', 'What the program asked for is not known.'),
      )
  }
}
