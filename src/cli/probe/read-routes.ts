import type { Route } from '../../operations/operation.ts'

// Which requests are safe to send to an account in use. A wrongly guessed path must not change anything.

/** Words in paths of calls with an effect, on Qualys' pages or guessed. */
const effectWords =
  /^(?:execute|run|clone|import|delete|remove|update|create|add|publish|newversion|launch|cancel|activate|deactivate|approve|reject|deprecate|block|unblock|generate|schedule|stop|start)$/i

/** SAQ paths that read. The method GET does not suffice: one page shows a deletion as GET (delete_user.htm). */
const saqReadPath =
  /^\/qps\/rest\/(?:\d\.\d\/(?:search|count|get)\/saq\/[a-z]+(?:\/\{\w+\})?|portal\/version)\/?$/

const carReadPath = /^\/sm\/v\d\/[a-z-]+(?:\/(?:[a-z-]+|\{\w+\})){0,3}$/

/**
 * True for a route that can change nothing, whatever call is behind it: one that acts on an id would find no
 * object named `search` or `count`.
 */
export function isReadRoute(route: Route): boolean {
  const [method, path = ''] = route.split(' ')
  if (path.startsWith('/qps/')) return (method === 'GET' || method === 'POST') && saqReadPath.test(path)
  const segments = path.split('/')
  if (!carReadPath.test(path) || segments.some((segment) => effectWords.test(segment))) return false
  return method === 'GET' || (method === 'POST' && /\/(?:search|count)$/.test(path))
}
