import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, posix, resolve, win32 } from 'node:path'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { parseJson } from '../json.ts'
import { shellWord } from './shell-word.ts'

/** How the program was started. */
export interface Start {
  /** The script as node was given it, with symbolic links. */
  readonly script: string
  /** The path of node itself. */
  readonly node: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly isWindows: boolean
}

/** What npx notes in the folder that it makes for the packages of one call. */
const npxFolderSchema = z.object({ _npx: z.object({ packages: z.tuple([z.string()]) }) })

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

const isSameFile = (one: string, other: string): boolean => (realPath(one) ?? one) === realPath(other)

/** The folders of PATH; npm adds folders for the time of one command, and a terminal has none of these. */
function pathFolders({ environment, isWindows }: Start): string[] {
  const { delimiter } = isWindows ? win32 : posix
  const folders = (environment['PATH'] ?? '').split(delimiter)
  return folders.filter((folder) => folder !== '' && !/node_modules[\\/]\.bin[\\/]?$/.test(folder))
}

/** A package as npx takes it from any folder. A path alone would be run as a command. */
function packageWord(named: string): string {
  const path = named.replace(/^file:(?:\/\/(?=\/))?/, '')
  const isPath = path !== named || named.startsWith('.') || isAbsolute(named)
  return isPath ? `file:${resolve(path)}` : named
}

/** `npx -y <package>`, if npx started the program. */
function npxCall({ script, isWindows }: Start): string | undefined {
  const [folder] = /^.*[\\/]_npx[\\/][^\\/]+(?=[\\/])/.exec(script) ?? []
  const note = folder === undefined ? undefined : resolve(folder, 'package.json')
  if (note === undefined || !existsSync(note)) return undefined
  const parsed = npxFolderSchema.safeParse(parseJson(readFileSync(note, 'utf8')))
  if (!parsed.success) return undefined
  const [named] = parsed.data._npx.packages
  return `npx -y ${shellWord(packageWord(named), isWindows)}`
}

/** The name of an installed command, if a shell finds this program under it. */
function installedCall(start: Start): string | undefined {
  const { script, isWindows } = start
  const folders = pathFolders(start)
  return Object.entries(packageJson.bin).find(([name, file]) => {
    // npm installs a link, and on Windows a .cmd file beside node_modules.
    const folder = folders.find((one) => existsSync(resolve(one, isWindows ? `${name}.cmd` : name)))
    if (folder === undefined) return false
    const target = isWindows ? ['node_modules', packageJson.name, file] : [name]
    return isSameFile(script, resolve(folder, ...target))
  })?.[0]
}

/** `node <script>`, with the path of node unless a shell finds the same one. */
function nodeCall(start: Start): string {
  const { script, node, isWindows } = start
  // From the sources, as in CONTRIBUTING.md.
  if (script.endsWith('.ts')) return `npx tsx ${shellWord(script, isWindows)}`
  const name = isWindows ? 'node.exe' : 'node'
  const folders = pathFolders(start)
  const found = folders.map((folder) => resolve(folder, name)).find((path) => existsSync(path))
  const isFound = folders.length === 0 || (found !== undefined && isSameFile(node, found))
  // An application may bring its own node, which is no command.
  const command = isFound || basename(node) !== name ? 'node' : shellWord(node, isWindows)
  const isLink = basename(dirname(script)) === '.bin'
  return `${command} ${shellWord(isLink ? (realPath(script) ?? script) : script, isWindows)}`
}

/** The words that start this program once more, from any folder. */
export function ownCallOf(start: Start): string {
  return npxCall(start) ?? installedCall(start) ?? nodeCall(start)
}
