import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from '../../../src/cli/probe/compare.ts'
import { record } from '../../../src/cli/probe/record.ts'
import { type RecordingFile, recordingSchema } from '../../../src/cli/probe/recording/schema.ts'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { environmentFor } from '../environment.ts'

/** A folder for recordings, in which a test records and compares as the commands do. */
export interface Recorder {
  readonly folder: string
  readonly record: (sandbox: Sandbox, extra?: Environment, signal?: AbortSignal) => Promise<RecordedFile>
  readonly close: () => void
}

/** A recording: the lines printed meanwhile, and the findings in it. */
export interface RecordedFile {
  readonly file: string
  readonly isComplete: boolean
  readonly printed: readonly string[]
  /** Read from the file, as a user would. */
  readonly transcript: () => RecordingFile
  readonly text: () => string
  readonly compared: () => Comparison
}

export interface Comparison {
  readonly allHeld: boolean
  readonly text: string
  /** The lines of one tool: its verdict, and the indented lines below. */
  readonly about: (tool: string) => string
}

/** What `doctor --compare` reports about a file. */
export function compareFile(file: string): Comparison {
  const lines: string[] = []
  const allHeld = compare(file, (line) => lines.push(line))
  return {
    allHeld,
    text: lines.join('\n'),
    about: (tool) => {
      const first = lines.findIndex((line) => new RegExp(`^[A-Z ]{11} ${tool} `).test(line))
      const end = lines.findIndex((line, at) => at > first && !line.startsWith(' '.repeat(12)))
      return first < 0 ? '' : lines.slice(first, end).join('\n')
    },
  }
}

export function openRecorder(): Recorder {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-doctor-'))
  let number = 0
  return {
    folder,
    close: () => rmSync(folder, { recursive: true, force: true }),
    record: async (sandbox, extra = {}, signal = new AbortController().signal) => {
      number += 1
      const file = join(folder, `${number}.json`)
      const configuration = readSettings({}, environmentFor(sandbox, extra))
      const session = openSession(configuration.settings, async () => accountOf(configuration.settings))
      const printed: string[] = []
      const whole = await record(file, session, configuration, {
        signal,
        print: (line) => printed.push(line),
      }).finally(() => session.close())
      const text = (): string => readFileSync(file, 'utf8')
      return {
        file,
        isComplete: whole,
        printed,
        text,
        transcript: () => recordingSchema.parse(JSON.parse(text())),
        compared: () => compareFile(file),
      }
    },
  }
}
