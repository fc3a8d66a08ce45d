import { describe, expect, test } from 'vitest'
import { fileSystemOf, networkFileSystemOf } from '../../../src/tools/effects/budgets/network-folder.ts'

// Budgets need a local file system.

const mount = (at: string, type: string): string =>
  `22 27 0:21 / ${at} rw,relatime shared:1 - ${type} source rw`
const mounts = [mount('/', 'ext4'), mount('/home', 'nfs4'), mount('/home/me/my\\040disk', 'xfs')].join('\n')

describe('the file system of a folder', () => {
  test.each([
    ['/var/x', 'ext4'],
    ['/homes', 'ext4'],
    ['/home', 'nfs4'],
    ['/home/me', 'nfs4'],
    ['/home/me/my disk/x', 'xfs'],
  ])('%s is %s', (path, type) => {
    expect(fileSystemOf(path, mounts)).toBe(type)
  })

  test.each(['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'afs', 'ceph', 'fuse.sshfs', 'fuse.glusterfs'])(
    'is a network: %s',
    (type) => {
      expect(networkFileSystemOf('/', () => mount('/', type))).toBe(type)
    },
  )

  test.each(['ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'overlay', 'fuse.fuse-overlayfs', 'apfs'])(
    'is local: %s',
    (type) => {
      expect(networkFileSystemOf('/', () => mount('/', type))).toBeUndefined()
    },
  )

  test('is a network share where its name says so, and is not told on other systems', () => {
    expect(networkFileSystemOf('\\\\server\\share')).toBe('a network share')
    const unreadable = (): string => {
      throw new Error('ENOENT')
    }
    expect(networkFileSystemOf('/', unreadable)).toBeUndefined()
  })
})
