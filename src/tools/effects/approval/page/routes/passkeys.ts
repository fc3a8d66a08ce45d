import { InputError, SetupError } from '../../../../../shared/errors.ts'
import { textOrEmpty } from '../../../../../shared/json.ts'
import type { PageResponse } from '../contract.ts'
import { passkeysPage } from '../html/passkeys-view.ts'
import type { Passkey } from '../passkeys/passkey-schema.ts'
import { jsonResponse, pageResponse } from '../safety/headers.ts'
import { needsKey, type PageContext, type Visit } from './context.ts'

/** How long a form, and the making of a passkey, may take, in ms. */
const registrationMs = 10 * 60_000
const maxRegistrations = 100

/** A passkey that is being made. */
interface Started {
  readonly person: string
  readonly label: string
  /** Who began it: see `tokenBinding`. */
  readonly binding: string
  /** Epoch, in ms. */
  readonly until: number
  /** Made, and waiting for the signature of an old one. */
  readonly passkey?: Passkey
}

/** The routes of passkeys: their page, and the two steps of adding one. */
export interface PasskeyRoutes {
  readonly show: (visit: Visit, person?: string) => Promise<PageResponse>
  readonly begin: (visit: Visit) => Promise<PageResponse>
  readonly add: (visit: Visit) => Promise<PageResponse>
}

const refusal = (status: number, error: string): PageResponse => jsonResponse(status, { error })

/** Runs a step. What is wrong with what was given, or with the file, is told in one sentence. */
async function withRefusals(work: () => Promise<PageResponse>): Promise<PageResponse> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError) return refusal(403, error.message)
    if (error instanceof SetupError) return refusal(503, `${error.message} ${error.next}`)
    throw error
  }
}

export function passkeyRoutes({ options, tokens, now }: PageContext): PasskeyRoutes {
  const { passkeys, rpId, origin, authority, settings } = options
  /** By challenge. */
  const started = new Map<string, Started>()

  const bindingOf = ({ request, viewer }: Visit): string => authority.tokenBinding(request, viewer)
  const tokenParts = (visit: Visit): readonly string[] => ['passkeys', bindingOf(visit)]

  /** Why a visit may not add a passkey. */
  const faultOf = (visit: Visit): PageResponse | undefined => {
    if (visit.viewer.by === undefined)
      return refusal(403, 'The link to a request gives the right to read it, and not to add a passkey.')
    return tokens.isValid(visit.values['token'], tokenParts(visit))
      ? undefined
      : refusal(403, 'This page is out of date: load it again.')
  }

  const keep = (challenge: string, entry: Started): void => {
    for (const [known, { until }] of started) if (until <= now()) started.delete(known)
    const [oldest] = started.keys()
    if (started.size >= maxRegistrations && oldest !== undefined) started.delete(oldest)
    started.set(challenge, entry)
  }

  const list = ({ viewer: { person } }: Visit): readonly Passkey[] | string => {
    try {
      return passkeys.list().filter((key) => person === undefined || key.person === person)
    } catch (error) {
      if (error instanceof SetupError) return `${error.message} ${error.next}`
      throw error
    }
  }

  /** Writes a passkey into the file, or tells the line for it. */
  const finish = async (challenge: string, passkey: Passkey, proof?: unknown): Promise<PageResponse> => {
    started.delete(challenge)
    await passkeys.add(passkey, proof)
    return jsonResponse(200, { added: true })
  }

  return {
    show: async (visit, person) =>
      needsKey(visit) ??
      pageResponse(
        200,
        passkeysPage({
          viewer: visit.viewer,
          passkeys: list(visit),
          passkeyFor: settings.passkeyFor ?? [],
          rpId: rpId(),
          mayWrite: passkeys.mayWrite(),
          mayReplace: passkeys.mayReplace(),
          token: tokens.issue(tokenParts(visit), now() + registrationMs),
          person,
        }),
      ),
    begin: async (visit) =>
      faultOf(visit) ??
      withRefusals(async () => {
        const { viewer, values } = visit
        const person = viewer.person ?? textOrEmpty(values['person']).trim()
        const { options, challenge } = await passkeys.registration(person, rpId(), origin())
        keep(challenge, {
          person,
          label: textOrEmpty(values['label']),
          binding: bindingOf(visit),
          until: now() + registrationMs,
        })
        return jsonResponse(200, { create: options })
      }),
    add: async (visit) =>
      faultOf(visit) ??
      withRefusals(async () => {
        const { values } = visit
        const challenge = textOrEmpty(values['challenge'])
        const entry = started.get(challenge)
        if (!entry || entry.binding !== bindingOf(visit) || entry.until <= now())
          return refusal(403, 'This passkey took too long, or was added before: load the page again.')
        if (entry.passkey) return finish(challenge, entry.passkey, values['proof'])
        const { person, label } = entry
        const response = values['response']
        const passkey = await passkeys.register({
          person,
          label,
          response,
          challenge,
          rpId: rpId(),
          origin: origin(),
        })
        if (!passkeys.mayWrite()) {
          started.delete(challenge)
          return jsonResponse(200, { line: passkeys.lineFor(passkey) })
        }
        const sign = await passkeys.proofOptions(passkey)
        if (!sign) return finish(challenge, passkey)
        started.set(challenge, { ...entry, passkey })
        return jsonResponse(200, { sign })
      }),
  }
}
