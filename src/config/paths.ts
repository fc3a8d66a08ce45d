import { homedir, platform, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { oneLine } from '../shared/safe-text.ts'
import {
  type Normalization,
  normalize,
  normalizedBy,
  plainText,
  UnusableValueError,
} from './normalizations.ts'

// Paths as clients pass them: no shell has expanded them, and the working folder is the client's.

const windowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/

/** True for a path that means the same file from every working folder of this system. */
const isFullPath = (path: string): boolean =>
  platform() === 'win32' ? windowsPath.test(path) : path.startsWith('/')

const tryFolder = (read: () => string): string | undefined => {
  try {
    return read()
  } catch {
    // No name of this user is known, as in a container with a user id alone.
    return undefined
  }
}

/**
 * The home folder of this user; undefined if there is none. An empty HOME, or one of another system, would lead
 * into the working folder.
 */
export function homeFolder(): string | undefined {
  return [tryFolder(homedir), tryFolder(() => userInfo().homedir)].find(
    (folder) => folder !== undefined && isFullPath(folder),
  )
}

/** A path in a message. Of the file of a secret only this much is said: it may be the secret by mistake. */
type Show = (path: string) => string
const shown: Show = (path) => oneLine(path, 120)
const hidden: Show = () => 'the path out'

/** Variables anywhere in a path, as shells and clients write them. A folder may have a name like `$x`. */
const variableWithin =
  /\$\{[^}]*\}|\{\{[^}]*\}\}|\{env:[^}]*\}|\$\(\w*\)|%[A-Za-z_]\w*%|(?<=[\\/])\$[A-Z_]+(?=[\\/]|$)/
const variableAtStart = /^\$(?:env:)?[A-Za-z_]\w*(?=[\\/]|$)/i
const homeVariable = /^(?:\$(?:env:)?HOME|\$?\{(?:env:)?HOME\}|\$\{userHome\}|%USERPROFILE%)$/i

/** Nothing fills in `$HOME` or `%USERPROFILE%` in a path; only a part that is a variable as a whole is one. */
const refuseVariables =
  (show: Show): Normalization =>
  (text) => {
    const [variable] = variableAtStart.exec(text) ?? variableWithin.exec(text) ?? []
    if (variable === undefined) return undefined
    const isHome = text.startsWith(variable) && homeVariable.test(variable)
    const advice = isHome ? show(`~${text.slice(variable.length)}`) : 'the path out'
    throw new UnusableValueError(
      `must be a full path, since nothing fills in ${isHome ? variable : 'variables'} here: write ${advice}`,
    )
  }

const expandHome: Normalization = (text) => {
  if (!text.startsWith('~')) return undefined
  const [, rest] = /^~(?:$|[\\/]+(.*))/s.exec(text) ?? []
  const home = homeFolder()
  if (rest === undefined && text !== '~')
    throw new UnusableValueError(
      'must be a full path: ~ stands only for your own home folder, so write the path of another one out',
    )
  if (home === undefined)
    throw new UnusableValueError(
      'must be a full path, since this user has no home folder that ~ could stand for',
    )
  return { text: join(home, rest ?? ''), note: `~ stands for ${home}` }
}

/** A path of Windows, or an address, would become a file with that name in the working folder. */
const refuseForeign: Normalization = (text) => {
  if (/^[A-Za-z][A-Za-z\d+.-]+:\//.test(text))
    throw new UnusableValueError(
      'must be a path, and no address: write the path alone, without what ends in a colon',
    )
  if (platform() === 'win32' || !/^(?:[A-Za-z]:|\\)/.test(text)) return undefined
  throw new UnusableValueError('must be a path of this system, which begins with /')
}

const fromWorkingFolder =
  (show: Show): Normalization =>
  (text, { isStartedByClient }) => {
    if (isFullPath(text)) return undefined
    const full = resolve(text)
    if (isStartedByClient)
      throw new UnusableValueError(
        `must be a full path, since the working folder is your client's: write ${show(full)}`,
      )
    return {
      text: full,
      note: `was taken from the working folder; where a client starts the server, write ${show(full)}`,
    }
  }

const pathBy = (show: Show) =>
  normalizedBy(
    z.string(),
    ...plainText,
    refuseVariables(show),
    expandHome,
    refuseForeign,
    fromWorkingFolder(show),
  )

/** A path of a file or folder. */
export const path = pathBy(shown)

/** A path of a file that holds a secret. */
export const secretPath = pathBy(hidden)

const asMeant = normalizedBy(z.string(), ...plainText, expandHome)

/** A path that Node reads itself when it starts: it takes the text as it stands. */
export const pathOfNode = normalizedBy(z.string(), (text, place) => {
  const { text: meant } = normalize(text, asMeant, place)
  return meant === text ? undefined : { text, note: `is read by Node as it stands: write ${shown(meant)}` }
})

/** A folder of the XDG base directory specification, which ignores one that is relative. */
export const xdgFolder = normalizedBy(z.string(), ...plainText, expandHome, (text) =>
  isFullPath(text) ? undefined : { text: '', note: 'is no full path, and therefore left out' },
)
