import { readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { type StartProgram, startProgram } from './start-program.ts'

/** The desktop of the person, as far as a browser needs it. */
export interface Desktop {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The home folder of the person; undefined if there is none. */
  readonly home: string | undefined
  /** Where snaps have their commands. */
  readonly snapFolder?: string
  readonly start?: StartProgram
}

const snapBrowser = /^(?:firefox|chromium|brave|opera|vivaldi|librewolf|microsoft-edge)/

/**
 * A folder that a browser may read although it is a snap: those see no folder with a dot, and no other /tmp
 * (https://github.com/jupyter/notebook/issues/5479). Undefined where no browser is one.
 */
export function snapReadableFolder({
  platform,
  home,
  snapFolder = '/snap/bin',
}: Desktop): string | undefined {
  if (platform !== 'linux' || home === undefined) return undefined
  try {
    return readdirSync(snapFolder).some((name) => snapBrowser.test(name))
      ? join(home, 'qualys-mcp')
      : undefined
  } catch {
    return undefined
  }
}

/** The page of a request. It may come from a file of another process. */
const pageAddress = /^https?:\/\/[\w.-]+(?::\d{1,5})?\/approve\/[A-Za-z\d-]{1,32}$/

/** Nothing else is opened: a program that opens files also runs them. */
const isOwnPage = (what: string): boolean =>
  pageAddress.test(what) || (isAbsolute(what) && what.endsWith('.html'))

/** The command that opens something in the browser; undefined where there is no screen. */
function commandFor(
  { platform, environment }: Desktop,
  what: string,
): readonly [command: string, args: readonly string[]] | undefined {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  switch (platform) {
    case 'darwin':
      return ['/usr/bin/open', [what]]
    case 'win32':
      return [
        join(environment['SystemRoot'] ?? 'C:\\Windows', 'System32', 'rundll32.exe'),
        ['url.dll,FileProtocolHandler', what],
      ]
    default:
      return isSet('DISPLAY') || isSet('WAYLAND_DISPLAY') ? ['xdg-open', [what]] : undefined
  }
}

/** True if a browser of this machine can be started. */
export const hasScreen = (desktop: Desktop): boolean => commandFor(desktop, '') !== undefined

/** The variables without the settings of this program, which hold passwords. */
const plainEnvironment = ({ environment }: Desktop): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith('QUALYS_')),
  )

/** Opens a file or an address of this program in the browser of the person; false if none was started. */
export async function openInBrowser(desktop: Desktop, what: string): Promise<boolean> {
  const { start = startProgram } = desktop
  const [command, args] = commandFor(desktop, what) ?? []
  if (command === undefined || args === undefined || !isOwnPage(what)) return false
  return start(command, args, plainEnvironment(desktop))
}
