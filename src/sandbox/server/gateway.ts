import { gatewayError, Refusal, unauthorized } from '../http/reply.ts'
import type { Door, Visit } from './virtual-host.ts'

const frontDoor: Omit<Door, 'admit'> = {
  missing: ({ path }) => gatewayError(404, 'No handler found', path),
  wrongMethod: ({ method, path }, allowed) => {
    const reply = gatewayError(405, `Request method '${method}' not supported`, path)
    return { ...reply, headers: { allow: allowed.join(', ') } }
  },
  answerTo: (error) => (error instanceof Refusal ? error.reply : undefined),
}

/** The login part of the gateway. */
export const loginGateway: Door = { ...frontDoor, admit: () => undefined }

/** The gateway for /sm; it checks the token before anything else. */
export const carGateway: Door = {
  ...frontDoor,
  admit: ({ tokens }, { path, headers }: Visit) => {
    const verdict = tokens.verify(headers.authorization)
    if (typeof verdict === 'string') throw new Refusal(unauthorized(verdict), verdict)
    const { account } = verdict
    if (account.withoutCar) throw new Refusal(gatewayError(403, 'Access is denied', path), 'without CAR')
    return account
  },
}
