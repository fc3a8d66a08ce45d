import { InputError } from '../../../shared/errors.ts'

/** Patterns of credentials: GitHub, GitLab, JWT, private key. */
const secretPatterns: Readonly<Record<string, RegExp>> = {
  'a GitHub token': /\b(?:gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/,
  'a GitLab token': /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{16,}/,
  // Matches only at the start of a run of letters: restarting at each `eyJ` takes minutes for half a megabyte
  // of them.
  'a JWT': /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  'a private key': /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/,
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/**
 * Throws an InputError for arguments that look like a credential, before anything is done with them: no tool
 * has an input for a secret (design 4).
 */
export function refuseSecrets(args: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(args)) {
    const texts = stringsIn(value)
    const match = Object.entries(secretPatterns).find(([, pattern]) =>
      texts.some((text) => pattern.test(text)),
    )
    if (!match) continue
    throw new InputError(
      `${name} holds what looks like ${match[0]}, and no tool takes a secret.`,
      'Ask the operator to keep it as QUALYS_SECRET_<NAME>, and name it: repositoryToken: "<name>", or {key, secret: "<name>"} in params. The one passed here has been seen by others: replace it.',
    )
  }
}
