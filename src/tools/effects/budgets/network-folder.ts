import { readFileSync, realpathSync } from 'node:fs'

// On a network file system, lines that several machines append may overwrite each other.

const networkTypes =
  /^(nfs\d?|cifs|smb\w*|9p|afs|ceph|coda|glusterfs|gpfs|gfs2|lustre|ncpfs|ocfs2|beegfs|davfs|fuse\.(?!fuse-overlayfs|mergerfs|ntfs|lxcfs)\S+)$/

/** mountinfo writes a blank in a path as `\040`. */
const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** The type of the file system that holds a path, from the text of /proc/self/mountinfo. */
export function fileSystemOf(path: string, mountInfo: string): string | undefined {
  const mounts = mountInfo.split('\n').flatMap((line) => {
    const [, , , , mountPoint] = line.split(' ')
    const [type] = line.split(' - ')[1]?.split(' ') ?? []
    return mountPoint === undefined || type === undefined ? [] : [{ at: unescapeOctal(mountPoint), type }]
  })
  const holds = (at: string): boolean => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`)
  // Of equally long ones the last is mounted over the others.
  return mounts.reduce<{ at: string; type: string } | undefined>(
    (best, mount) => (holds(mount.at) && mount.at.length >= (best?.at.length ?? 0) ? mount : best),
    undefined,
  )?.type
}

/** The type of the network file system that holds a folder; undefined if it is local or cannot be told. */
export function networkFileSystemOf(
  folder: string,
  readMountInfo = () => readFileSync('/proc/self/mountinfo', 'utf8'),
): string | undefined {
  if (folder.startsWith('\\\\')) return 'a network share'
  try {
    const type = fileSystemOf(realpathSync(folder), readMountInfo())
    return type !== undefined && networkTypes.test(type) ? type : undefined
  } catch {
    // Only Linux has this file.
    return undefined
  }
}
