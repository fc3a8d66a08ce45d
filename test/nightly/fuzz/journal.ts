import { operations } from '../../../src/operations/index.ts'
import type { Control, Seen } from '../../support/sandbox.ts'

/** The route of an operation as a pattern of its path. */
function patternOf(route: string): { method: string; path: RegExp } {
  const [method = '', path = ''] = route.split(' ')
  const source = path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')
  return { method, path: new RegExp(`^${source}$`) }
}

const reads = operations.filter(({ effect }) => effect === 'read').map(({ route }) => patternOf(route))

/** What is neither a login nor asked by an operation that reads: something was to be changed by it. */
export async function changesAt({ requests }: Control): Promise<Seen[]> {
  return (await requests()).filter(
    ({ method, path }) =>
      !path.startsWith('/auth') &&
      !reads.some((read) => read.path.test(path) && [read.method, 'GET'].includes(method)),
  )
}
