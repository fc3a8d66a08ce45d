import type { FormAnswer, PostForm } from '../../../src/service/connect/tokens/token-request.ts'
import type { Json } from './stdio-client.ts'

/** A form that an issuer got. */
export interface PostedForm {
  readonly url: string
  readonly form: Readonly<Record<string, string>>
}

/** An issuer without a server: it gives these answers in this order, the last one again and again. */
export function memoryIssuer(...answers: readonly (FormAnswer | Error)[]) {
  const forms: PostedForm[] = []
  const postForm: PostForm = async (url, form) => {
    const answer = answers[Math.min(forms.push({ url, form }), answers.length) - 1]
    if (answer === undefined) throw new Error('The issuer of this test has no answer.')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { forms, postForm }
}

const issuer = 'https://login.example.com'

/** The service, and what it and its issuer say of themselves. */
export const service = new URL('https://mcp.example.com/mcp')
export const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'
export const challenge = `Bearer resource_metadata="${metadataUrl}"`
export const place = {
  issuer,
  resource: service.href,
  scope: 'qualys.read',
  deviceEndpoint: `${issuer}/device`,
  tokenEndpoint: `${issuer}/token`,
}

/** Documents by address; `changes` replaces whole documents or removes them. */
export function documents(changes: Readonly<Record<string, unknown>> = {}) {
  const all: Readonly<Record<string, unknown>> = {
    [metadataUrl]: {
      resource: service.href,
      authorization_servers: [issuer],
      scopes_supported: ['qualys.read'],
    },
    [`${issuer}/.well-known/oauth-authorization-server`]: {
      issuer,
      device_authorization_endpoint: place.deviceEndpoint,
      token_endpoint: place.tokenEndpoint,
    },
    ...changes,
  }
  return async (url: string): Promise<unknown> => {
    if (all[url] === undefined) throw new Error('status 404')
    return all[url]
  }
}

/** The answer to the request for a code. */
export const codeAnswer = (more: Json = {}): FormAnswer => ({
  body: {
    device_code: 'canary-device-code',
    user_code: 'ABCD-EFGH',
    verification_uri: `${issuer}/activate`,
    expires_in: 600,
    ...more,
  },
})

/** An answer with tokens. */
export const tokenAnswer = (name: string, more: Json = {}): FormAnswer => ({
  body: {
    access_token: `canary-access-${name}`,
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: `canary-refresh-${name}`,
    ...more,
  },
})

export const pending: FormAnswer = { error: 'authorization_pending' }
