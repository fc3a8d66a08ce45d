import type { SessionWatch } from '../session/session-watch.ts'
import { LoginError } from '../shared/errors.ts'
import type { UpstreamProduct } from './operation/metric-labels.ts'
import type { Metrics } from './operation/metrics.ts'

/** SAQ is the only product below this path; all else but the login is of CAR. */
function productOf({ pathname }: URL): UpstreamProduct {
  if (/^\/auth(?:\/|$)/.test(pathname)) return 'login'
  return pathname.startsWith('/qps/') ? 'saq' : 'car'
}

/** Counts what the session does. */
export const upstreamWatch = ({ upstream, login }: Metrics): SessionWatch => ({
  onAttempt: ({ url, status, ms }) => upstream({ product: productOf(url), status, ms }),
  onLogin: (error) => login(error === undefined ? 'ok' : error instanceof LoginError ? 'refused' : 'failed'),
})
