import type { Route } from '../../operations/operation.ts'

// What may be asked of an account that somebody works with. A path that is guessed wrong must meet nothing that acts.

/** Words that stand in paths of calls with an effect, on Qualys' pages or where we guess one. */
const acting =
  /^(?:execute|run|clone|import|delete|remove|update|create|add|publish|newversion|launch|cancel|activate|deactivate|approve|reject|deprecate|block|unblock|generate|schedule|stop|start)$/i

/** The verbs of SAQ's paths that read; one of its pages samples a deletion as GET (delete_user.htm), so that GET alone says nothing. */
const readsQps =
  /^\/qps\/rest\/(?:\d\.\d\/(?:search|count|get)\/saq\/[a-z]+(?:\/\{\w+\})?|portal\/version)\/?$/

const readsGateway = /^\/sm\/v\d\/[a-z-]+(?:\/(?:[a-z-]+|\{\w+\})){0,3}$/

/**
 * True of a route that can change nothing, whatever stands behind it: a call that acts on an id would find none called
 * `search` or `count`.
 */
export function isRead(route: Route): boolean {
  const [method, path = ''] = route.split(' ')
  if (path.startsWith('/qps/')) return (method === 'GET' || method === 'POST') && readsQps.test(path)
  const segments = path.split('/')
  if (!readsGateway.test(path) || segments.some((segment) => acting.test(segment))) return false
  return method === 'GET' || (method === 'POST' && /\/(?:search|count)$/.test(path))
}
