import type { Operation } from '../../../src/operations/operation.ts'
import { type Expected, readExpected } from './expectations.ts'
import { type LoginKind, operationNamed } from './fixtures.ts'
import { type FaultName, faultRows } from './rows.ts'
import type { Cell } from './trial.ts'

// Faults at the login of the gateway. A login may be repeated as a read may, but a refused one is not: accounts
// lock (design 6). Without a token nothing is sent to the route of the operation, so that effects end as reads do,
// and never unclear.

const retriable: Expected = 'done 2 / vendor 4'

const ends: Readonly<Partial<Record<FaultName, Expected>>> = {
  delay: 'done 1',
  tooLate: retriable,
  slowHeaders: 'done 1',
  lateHeaders: retriable,
  reset: retriable,
  resetAfterBody: retriable,
  notHttp: retriable,
  truncate: retriable,
  stall: retriable,
  drip: 'done 1',
  huge: 'vendor 1',
  bomb: 'vendor 1',
  gzip: 'done 1',
  brotli: 'done 1',
  brokenGzip: retriable,
  unknownEncoding: retriable,
  wrongType: 'done 1',
  htmlType: 'done 1',
  byteOrderMark: 'done 1',
  emptyBody: 'drift 1',
  empty: 'drift 1',
  loginPage: 'drift 1',
  firewallPage: 'setup 1',
  proxyLogin: 'setup 1',
  maintenance: retriable,
  unavailable: 'done 2 / busy 4',
  broken: 'vendor 1',
  badGateway: retriable,
  afterWork: retriable,
  expired: 'setup 1',
  unauthenticated: 'setup 1',
  badRequest: 'setup 1',
  forbidden: 'setup 1',
  noPath: 'setup 1',
  moved: 'setup 1',
  limit: 'done 2 / busy 4',
  lateHint: 'done 2 / busy 6',
  longLimit: 'busy 1',
  redirect: 'setup 1',
  clockSkew: 'done 1',
  echo: 'setup 1',
}

/** One of each kind. */
const tools: readonly Operation['name'][] = [
  'car_search_jobs',
  'car_get_script',
  'car_download_report',
  'car_create_script',
  'car_update_blocked_commands',
  'car_execute_script',
  'car_delete_report',
]

const loginKinds: readonly (readonly [LoginKind, string])[] = [
  ['password', 'POST /auth'],
  ['client', 'POST /auth/oidc'],
]

export function loginCells(): Cell[] {
  return loginKinds.flatMap(([loginKind, route]) =>
    (Object.entries(ends) as [FaultName, Expected][]).flatMap(([fault, expected]) =>
      tools.map((name): Cell => {
        const operation = operationNamed(name)
        const text = operation.effect === 'read' ? expected.replace('done', 'same') : expected
        return {
          line: `login: ${fault}`,
          operation,
          route,
          row: faultRows[fault],
          loginKind,
          expected: readExpected(text),
        }
      }),
    ),
  )
}
