import { operations } from '../../../src/operations/index.ts'
import type { Control, SandboxRequest } from '../../support/sandbox.ts'

/** The route of an operation as a pattern of its path. */
function patternOf(route: string): { method: string; path: RegExp } {
  const [method = '', path = ''] = route.split(' ')
  const source = path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')
  return { method, path: new RegExp(`^${source}$`) }
}

const reads = operations.filter(({ effect }) => effect === 'read').map(({ route }) => patternOf(route))

/** Requests that are neither a login nor those of a read operation: they would change something. */
export async function changeRequests({ requests }: Control): Promise<SandboxRequest[]> {
  return (await requests()).filter(
    ({ method, path }) =>
      !path.startsWith('/auth') &&
      !reads.some((read) => read.path.test(path) && [read.method, 'GET'].includes(method)),
  )
}
