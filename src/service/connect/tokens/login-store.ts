import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readSecretFile } from '../../../config/secret-file.ts'
import { replaceFile } from '../../../shared/atomic-file.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { messageOf } from '../../../shared/errors.ts'
import { parseJson } from '../../../shared/json.ts'
import type { Log } from '../../../shared/log.ts'
import { othersMayWrite } from '../../../shared/own-folder.ts'
import { Secret } from '../../../shared/secrets.ts'
import { isSafeAddress } from '../../outbound/safe-address.ts'

/** Text becomes a secret as soon as it is read. */
const secretText = z.string().transform((text) => new Secret(text))

/** A login as it is kept: the tokens, and where they are renewed. */
const loginSchema = z.strictObject({
  resource: z.string(),
  tokenEndpoint: z.string().refine(isSafeAddress),
  accessToken: secretText,
  refreshToken: secretText.optional(),
  /** Epoch, in ms. */
  expiresAt: z.number().optional(),
})

export type Login = Readonly<z.output<typeof loginSchema>>

/** The only place where tokens are written. */
const textOf = ({ accessToken, refreshToken, ...login }: Login): string =>
  JSON.stringify({
    ...login,
    accessToken: accessToken.reveal(),
    ...(refreshToken && { refreshToken: refreshToken.reveal() }),
  })

/** Keeps the login of one service and client between starts. What it cannot keep is told in the log. */
export interface LoginStore {
  readonly read: () => Login | undefined
  readonly write: (login: Login) => void
  readonly remove: () => void
}

/** The store in the state folder: a file that only this user may read. Its name says neither service nor client. */
export function openLoginStore(
  stateDir: string,
  { url, clientId, log }: { readonly url: URL; readonly clientId: string; readonly log: Log },
): LoginStore {
  const folder = join(stateDir, 'connect')
  const path = join(folder, `${sha256(`${url.href}\n${clientId}`)}.json`)

  /** The login lives on in memory. */
  const orWarn = (what: string, work: () => void): void => {
    try {
      work()
    } catch (error) {
      log.warn({ error: messageOf(error) }, what)
    }
  }

  return {
    read: () => {
      if (!existsSync(path)) return undefined
      try {
        return loginSchema.safeParse(parseJson(readSecretFile(path, 'many'))).data
      } catch (error) {
        log.warn({ error: `its file ${messageOf(error)}` }, 'the last login cannot be used')
        return undefined
      }
    },
    write: (login) =>
      orWarn('the login is not kept', () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        if (othersMayWrite(statSync(folder))) throw new Error(`others may write ${folder}`)
        replaceFile(path, textOf(login), () => true)
      }),
    remove: () => orWarn('the last login cannot be removed', () => rmSync(path, { force: true })),
  }
}
