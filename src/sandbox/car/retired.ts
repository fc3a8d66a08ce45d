import { gatewayError } from '../http/reply.ts'
import { documented, type Route, type RouteTable } from '../route.ts'

/**
 * Versions past their end of life: 404 or 410, says getting_started.htm; here 410. Dates:
 * release_2_5_2_api.htm for v1 and block-commands, the version tables of create_scripts.htm and
 * update_scripts.htm for the others.
 */
const paths: Readonly<Record<string, string>> = {
  'GET /sm/v1/block-commands/{languageId}': '/sm/v1/block-commands/search',
  'POST /sm/v1/block-commands/{languageId}': '/sm/v1/block-commands/search',
  'POST /sm/v1/script': '/sm/v5/script',
  'POST /sm/v2/script': '/sm/v5/script',
  'POST /sm/v3/script': '/sm/v5/script',
  'PATCH /sm/v1/script/{scriptId}': '/sm/v4/script/{scriptId}',
  'PATCH /sm/v2/script/{scriptId}': '/sm/v4/script/{scriptId}',
  'PATCH /sm/v3/script/{scriptId}': '/sm/v4/script/{scriptId}',
}

export const retiredRoutes: RouteTable = Object.fromEntries(
  Object.entries(paths).map(([key, successor]) => [key, retiredRoute(successor)]),
)

function retiredRoute(successor: string): Route {
  return documented(({ path, params }) => {
    // POST /sm/v1/block-commands/search and similar paths match the pattern of a retired path.
    if (Object.values(params).some((id) => !/^\d+$/.test(id)))
      return gatewayError(404, 'No handler found', path)
    return gatewayError(410, `This API version has reached its end of life; use ${successor}`, path)
  })
}
