import type { Adapted } from '../../operation.ts'

/** Platforms whose interpreters take a carriage return, or a byte order mark, for a part of the script. */
const lineFeedPlatforms: readonly string[] = ['LINUX', 'UNIX', 'MAC']

/** The name of a platform that needs LF and no byte order mark; undefined for any other. */
export function lineFeedPlatform(platform: unknown): string | undefined {
  const known = typeof platform === 'string' ? platform.toUpperCase() : ''
  return lineFeedPlatforms.includes(known) ? known : undefined
}

const mark = /^\uFEFF+/

/**
 * CR LF, CR CR LF as converting twice leaves it, and a CR at the end, where the text was cut between the two. A CR
 * anywhere else belongs to the script (a progress bar prints them), unless the text has no other line ends.
 */
const withLineFeeds = (content: string): string =>
  content.includes('\n') ? content.replace(/(?<!\r)\r+(?:\n|$)/g, '\n') : content.replaceAll('\r', '\n')

interface ScriptContent {
  readonly content?: string | undefined
}

/**
 * The content of a script as its platform needs it: with LF and without a byte order mark on Linux, UNIX and
 * macOS, as passed elsewhere. If the platform is unknown, nothing is changed, and the note says so.
 */
export function adaptContent<I extends ScriptContent>(input: I, platform: unknown): Adapted<I> {
  const { content } = input
  if (content === undefined) return { input }
  const unmarked = content.replace(mark, '')
  const adapted = withLineFeeds(unmarked)
  if (adapted === content) return { input }
  const changes = [
    ...(adapted === unmarked ? [] : ['line ends changed to LF']),
    ...(unmarked === content ? [] : ['byte order mark left out']),
  ].join(' and ')
  if (typeof platform === 'string' && platform.toUpperCase() === 'WINDOWS') return { input }
  const known = lineFeedPlatform(platform)
  return known !== undefined
    ? { input: { ...input, content: adapted }, note: `${changes}, as the platform is ${known}` }
    : {
        input,
        note: 'content sent as it is, as the platform is not known: its CR line ends or byte order mark break it on Linux and macOS',
      }
}
