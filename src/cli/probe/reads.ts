import type { Route } from '../../operations/operation.ts'

// Which requests are safe to send to an account in use. A wrongly guessed path must not change anything.

/** Words in paths of calls with an effect, on Qualys' pages or guessed. */
const acting =
  /^(?:execute|run|clone|import|delete|remove|update|create|add|publish|newversion|launch|cancel|activate|deactivate|approve|reject|deprecate|block|unblock|generate|schedule|stop|start)$/i

/** SAQ paths that read. GET alone proves nothing: one page shows a deletion as GET (delete_user.htm). */
const readsQps =
  /^\/qps\/rest\/(?:\d\.\d\/(?:search|count|get)\/saq\/[a-z]+(?:\/\{\w+\})?|portal\/version)\/?$/

const readsGateway = /^\/sm\/v\d\/[a-z-]+(?:\/(?:[a-z-]+|\{\w+\})){0,3}$/

/**
 * True for a route that can change nothing, whatever exists at it: a call that acts on an id would find no
 * object named `search` or `count`.
 */
export function isRead(route: Route): boolean {
  const [method, path = ''] = route.split(' ')
  if (path.startsWith('/qps/')) return (method === 'GET' || method === 'POST') && readsQps.test(path)
  const segments = path.split('/')
  if (!readsGateway.test(path) || segments.some((segment) => acting.test(segment))) return false
  return method === 'GET' || (method === 'POST' && /\/(?:search|count)$/.test(path))
}
