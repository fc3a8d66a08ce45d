import { dirname, normalize } from 'node:path'
import type { Disk } from '../../../src/tools/plans/journal/disk.ts'

/** Thrown by the operation at which the power fails, and by all after it. */
export class PowerCut extends Error {}

const systemError = (code: string): Error => Object.assign(new Error(code), { code })

/** A file or a folder, whatever its names are. */
type Node = FolderNode | FileNode
type FolderNode = { kind: 'folder'; names: Map<string, Node>; flushed: Map<string, Node> }
type FileNode = { kind: 'file'; text: string; flushed: string }

const newFolder = (): FolderNode => ({ kind: 'folder', names: new Map(), flushed: new Map() })

/** A disk in memory that forgets what was not flushed. */
export interface ForgetfulDisk extends Disk {
  /** How many operations were begun. */
  readonly operations: () => number
  /** Another process goes on, after the one before was killed, for so many operations. Nothing is forgotten. */
  readonly revive: (powerFor: number) => void
  /**
   * Cuts the power, then starts again: of each name and each content that was not flushed, `keeps` says whether it is
   * still there, and of a content how much of it.
   */
  readonly restart: (keeps: () => number) => void
}

/** `powerFor`: the number of operations until the power fails. */
export function forgetfulDisk(powerFor = Number.POSITIVE_INFINITY): ForgetfulDisk {
  const root = newFolder()
  let count = 0
  let power = powerFor

  const nodeAt = (path: string): Node | undefined =>
    normalize(path)
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .reduce<Node | undefined>(
        (node, part) => (node?.kind === 'folder' ? node.names.get(part) : undefined),
        root,
      )

  function folderAt(path: string): FolderNode {
    const node = nodeAt(path)
    if (node?.kind !== 'folder') throw systemError(node ? 'ENOTDIR' : 'ENOENT')
    return node
  }

  const nameIn = (path: string): string => path.slice(dirname(path).length).replace(/^\//, '')

  function fileAt(path: string): FileNode {
    const node = nodeAt(path)
    if (node?.kind !== 'file') throw systemError(node ? 'EISDIR' : 'ENOENT')
    return node
  }

  function begin(): void {
    count += 1
    if (count > power) throw new PowerCut('the power is cut')
  }

  const step =
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      begin()
      return work(...args)
    }

  function forget(node: Node, keeps: () => number): void {
    if (node.kind === 'file') {
      if (node.text === node.flushed) return
      node.text = node.text.slice(0, Math.floor(node.text.length * keeps()))
      node.flushed = node.text
      return
    }
    for (const name of new Set([...node.names.keys(), ...node.flushed.keys()])) {
      const [now, before] = [node.names.get(name), node.flushed.get(name)]
      if (now === before) continue
      const kept = keeps() < 0.5 ? before : now
      if (kept) node.names.set(name, kept)
      else node.names.delete(name)
    }
    node.flushed = new Map(node.names)
    for (const child of node.names.values()) forget(child, keeps)
  }

  return {
    operations: () => count,
    revive: (powerFor) => {
      power = count + powerFor
    },
    restart: (keeps) => {
      power = Number.POSITIVE_INFINITY
      forget(root, keeps)
    },
    find: step((path) => {
      const node = nodeAt(path)
      return node && { kind: node.kind, isOpenToOthers: false, writtenAt: 0 }
    }),
    makeFolder: step((path) => {
      const { names } = folderAt(dirname(path))
      if (names.has(nameIn(path))) return false
      names.set(nameIn(path), newFolder())
      return true
    }),
    list: step((folder) => [...folderAt(folder).names.keys()]),
    read: step((path) => {
      const node = nodeAt(path)
      if (!node) return { fault: 'is missing' }
      return node.kind === 'file' ? { bytes: Buffer.from(node.text) } : { fault: 'is no regular file' }
    }),
    // One call of the port, but two points at which the power may fail.
    write: (path, text) => {
      begin()
      const { names } = folderAt(dirname(path))
      if (names.has(nameIn(path))) throw systemError('EEXIST')
      const file: FileNode = { kind: 'file', text, flushed: '' }
      names.set(nameIn(path), file)
      begin()
      file.flushed = text
    },
    link: step((from, to) => {
      const { names } = folderAt(dirname(to))
      if (names.has(nameIn(to))) return false
      names.set(nameIn(to), fileAt(from))
      return true
    }),
    rename: step((from, to) => {
      const node = fileAt(from)
      folderAt(dirname(to)).names.set(nameIn(to), node)
      folderAt(dirname(from)).names.delete(nameIn(from))
    }),
    remove: step((path) => {
      folderAt(dirname(path)).names.delete(nameIn(path))
    }),
    flushFolder: step((folder) => {
      const node = folderAt(folder)
      node.flushed = new Map(node.names)
    }),
  }
}
