import type { Account } from '../data/accounts.ts'
import { gatewayError, Refusal, unauthorized } from '../http/reply.ts'
import type { IncomingRequest, VirtualHost } from './virtual-host.ts'

/** How the gateway replies without a route. */
const gateway: Omit<VirtualHost, 'authenticate'> = {
  notFound: ({ path }) => gatewayError(404, 'No handler found', path),
  methodNotAllowed: ({ method, path }, allowed) => {
    const reply = gatewayError(405, `Request method '${method}' not supported`, path)
    return { ...reply, headers: { allow: allowed.join(', ') } }
  },
  replyToError: (error) => (error instanceof Refusal ? error.reply : undefined),
}

const anonymous: Account = { username: '', userId: 0, uuid: '' }

/** The login part of the gateway: anyone may call it. */
export const loginGateway: VirtualHost = { ...gateway, authenticate: () => anonymous }

/** The gateway for /sm; it checks the token before anything else. */
export const carGateway: VirtualHost = {
  ...gateway,
  authenticate: ({ tokens }, { path, headers }: IncomingRequest) => {
    const check = tokens.verify(headers.authorization)
    if (typeof check === 'string') throw new Refusal(unauthorized(check), check)
    const { account } = check
    if (account.isCarDenied) throw new Refusal(gatewayError(403, 'Access is denied', path), 'without CAR')
    return account
  },
}
