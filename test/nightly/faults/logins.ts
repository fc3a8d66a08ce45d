import type { Operation } from '../../../src/operations/operation.ts'
import { type Expected, readExpected } from './expected.ts'
import { type Door, operationCalled } from './ground.ts'
import { type FaultName, faultRows } from './rows.ts'
import type { Trial } from './trial.ts'

// Faults at the login of the gateway. A login may be asked for again as a read may, but a refused one is not: accounts
// lock (design 6). As long as there is no token, nothing is sent to the route of the operation, so that effects end as
// reads do, and never unclear.

const passing: Expected = 'done 2 / vendor 4'

const ends: Readonly<Partial<Record<FaultName, Expected>>> = {
  delay: 'done 1',
  tooLate: passing,
  slowHeaders: 'done 1',
  lateHeaders: passing,
  reset: passing,
  resetAfterBody: passing,
  notHttp: passing,
  truncate: passing,
  stall: passing,
  drip: 'done 1',
  huge: 'vendor 1',
  bomb: 'vendor 1',
  gzip: 'done 1',
  brotli: 'done 1',
  brokenGzip: passing,
  unknownEncoding: passing,
  wrongType: 'done 1',
  htmlType: 'done 1',
  byteOrderMark: 'done 1',
  emptyBody: 'drift 1',
  empty: 'drift 1',
  loginPage: 'drift 1',
  firewallPage: 'setup 1',
  proxyLogin: 'setup 1',
  maintenance: passing,
  unavailable: 'done 2 / busy 4',
  broken: 'vendor 1',
  badGateway: passing,
  afterWork: passing,
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

const doors: readonly (readonly [Door, string])[] = [
  ['password', 'POST /auth'],
  ['client', 'POST /auth/oidc'],
]

export function loginTrials(): Trial[] {
  return doors.flatMap(([door, route]) =>
    (Object.entries(ends) as [FaultName, Expected][]).flatMap(([fault, expected]) =>
      tools.map((name): Trial => {
        const operation = operationCalled(name)
        const text = operation.effect === 'read' ? expected.replace('done', 'same') : expected
        return {
          line: `login: ${fault}`,
          operation,
          route,
          row: faultRows[fault],
          door,
          expected: readExpected(text),
        }
      }),
    ),
  )
}
