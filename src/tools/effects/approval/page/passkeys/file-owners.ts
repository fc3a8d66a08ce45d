import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UnusableFileError } from '../../../../../config/secret-file.ts'
import { ownUserId } from '../../../../../shared/own-user.ts'

// Who may change the file of passkeys decides which keys count. That is one user: root, or the user who runs this
// program. A third user is refused, since nothing shows that the operator chose them; a server that runs as another user
// than the people who ask is set-up (b) of design 13. What root runs may read the files of others, as in a container.

const othersWrite = 0o022
/** In such a folder, as /tmp is, only its owner and that of a file may replace the file. */
const sticky = 0o1000

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

const isForeign = ({ uid }: Stats): boolean => {
  const own = ownUserId()
  return own > 0 && uid !== own && uid !== 0
}

function refuseFolder(folder: string): void {
  const stats = statSync(folder)
  if (isForeign(stats))
    throw new UnusableFileError(
      'lies in a folder of another user, who can replace it',
      'move it to a folder of the user who runs qualys-mcp, or of root',
    )
  if ((stats.mode & othersWrite) !== 0 && (stats.mode & sticky) === 0)
    throw new UnusableFileError(
      `lies in a folder that other users may write (mode ${octal(stats.mode)})`,
      'run chmod go-w on that folder',
    )
}

/** Throws an UnusableFileError if another user may put a file at this path, or in place of the one there. */
export function refuseFoldersOfOthers(path: string): void {
  if (ownUserId() < 0) return
  const link = lstatSync(path, { throwIfNoEntry: false })
  if (link && isForeign(link))
    throw new UnusableFileError(
      'belongs to another user, who can change it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  const places = new Set([resolve(path), ...(link ? [realpathSync(path)] : [])])
  for (const place of places) refuseFolder(dirname(place))
}

/** Throws an UnusableFileError if another user may write the file. Everybody may read it: it holds no secret. */
export function refuseWritersOf(stats: Stats): void {
  if (ownUserId() < 0) return
  if (isForeign(stats))
    throw new UnusableFileError(
      'belongs to another user, who can change it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  if ((stats.mode & othersWrite) !== 0)
    throw new UnusableFileError(
      `may be written by other users (mode ${octal(stats.mode)})`,
      'run chmod go-w on it',
    )
}
