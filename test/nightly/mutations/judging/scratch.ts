import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const prefix = 'qualys-mcp-mutation-'

/** Whether a process is running. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Removes the copies of killed processes: the names hold the process id. */
export function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    if (pid > 0 && !isRunning(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** A copy of the repository that may be changed. Its packages are linked from the repository. */
export class Scratch {
  readonly root: string
  /** The repository. */
  readonly from: string

  private constructor(from: string) {
    this.from = from
    this.root = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
    // Some tests start the program as another user, who has to read it here.
    chmodSync(this.root, 0o755)
    symlinkSync(join(from, 'node_modules'), join(this.root, 'node_modules'), 'dir')
  }

  /** Some files of the repository. */
  static of(from: string, paths: readonly string[]): Scratch {
    const scratch = new Scratch(from)
    for (const path of paths) scratch.#take(path)
    return scratch
  }

  /** The files of today, also those that are not committed yet. */
  static ofToday(from: string): Scratch {
    return Scratch.of(from, filesOf(from))
  }

  /** Another copy of the same files. */
  static like(other: Scratch): Scratch {
    const scratch = new Scratch(other.from)
    for (const name of readdirSync(other.root))
      if (name !== 'node_modules')
        cpSync(join(other.root, name), join(scratch.root, name), { recursive: true })
    return scratch
  }

  /** The files of a commit, with today's programs of this folder. */
  static ofCommit(from: string, commit: string, programs: readonly string[]): Scratch {
    const scratch = Scratch.of(from, programs)
    const archive = execFileSync('git', ['archive', commit], { cwd: from, maxBuffer: 2 ** 30 })
    execFileSync('tar', ['-x'], { cwd: scratch.root, input: archive })
    return scratch
  }

  #take(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    cpSync(join(this.from, path), join(this.root, path))
  }

  /** The text of a file. */
  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** Runs `work` while a file holds another text. */
  async with<T>(path: string, text: string, work: () => Promise<T>): Promise<T> {
    const file = join(this.root, path)
    const original = readFileSync(file)
    writeFileSync(file, text)
    try {
      return await work()
    } finally {
      writeFileSync(file, original)
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** The files of a checkout that git keeps or would keep; those that are deleted are left out. */
export function filesOf(root: string, ...under: readonly string[]): string[] {
  const list = (...flags: readonly string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...flags, '--', ...under], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
      .split('\0')
      .filter((path) => path !== '')
  const deleted = new Set(list('--deleted'))
  return [...new Set(list('--cached', '--others', '--exclude-standard'))].filter((path) => !deleted.has(path))
}
