import { InputError } from '../../../shared/errors.ts'
import { textsIn } from './argument-texts.ts'
import { isExample } from './examples.ts'
import { holdsJwt } from './jwts.ts'
import { holdsPrivateKey } from './private-keys.ts'

/** A search for a token; the letters behind its prefix tell an example from a real one. */
const holdsToken =
  (pattern: RegExp) =>
  (text: string): boolean =>
    [...text.matchAll(pattern)].some(([, letters = '']) => !isExample(letters))

/** What each kind of credential is called, and whether a text holds a real one. */
const secretShapes: Readonly<Record<string, (text: string) => boolean>> = {
  'a GitHub token': holdsToken(/\b(?:gh[oprsu]_(?=[A-Za-z0-9]{20})|github_pat_(?=\w{20}))(\w+)/g),
  'a GitLab token': holdsToken(/\bgl(?:pat|ptt|dt|rt|cbt|soat)-([\w-]{16,})/g),
  'a JWT': holdsJwt,
  'a private key': holdsPrivateKey,
}

/** What kind of credential a value holds at any depth; undefined if it holds none. */
export function credentialIn(value: unknown): string | undefined {
  const texts = textsIn(value).map(({ text }) => text)
  return Object.entries(secretShapes).find(([, isIn]) => texts.some(isIn))?.[0]
}

/**
 * Throws an InputError for arguments that hold a credential, before anything is done with them: no tool has an
 * input for a secret (design 4).
 */
export function refuseSecrets(args: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(args)) {
    const credential = credentialIn(value)
    if (credential === undefined) continue
    throw new InputError(
      `${name} holds what looks like ${credential}, and no tool takes a secret.`,
      'Ask the operator to keep it as QUALYS_SECRET_<NAME>, and name it: repositoryToken: "<name>", or {key, secret: "<name>"} in params. The one passed here has been seen by others: replace it.',
    )
  }
}
