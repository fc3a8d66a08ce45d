import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from './blocks.ts'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The files of a clone, and new files that git does not ignore: build output is no target of a link. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

/** The Markdown files at the top and under docs/. */
export function readPages(files: readonly string[]): Page[] {
  return files
    .filter((path) => /^(docs\/.+|[^/]+)\.md$/.test(path))
    .map((path) => ({ path, text: textOf(path) ?? '' }))
}

/** A file of the repository; undefined where there is none. */
export function textOf(path: string): string | undefined {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export function write(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
