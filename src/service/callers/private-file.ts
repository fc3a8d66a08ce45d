import type { Stats } from 'node:fs'
import { type OperatorFile, readOperatorFile } from '../../config/files/operator-file.ts'
import { UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { ownUserId } from '../../shared/own-user.ts'

/** The same rule as for the files of secrets: root may own the file, and may open it to the group that runs this. */
function refuseOpenToOthers({ uid, mode }: Stats): void {
  const own = ownUserId()
  if (own < 0) return
  if (own > 0 && uid !== own && uid !== 0)
    throw new UnusableFileError(
      'belongs to another user, who can change it',
      'have it owned by the user who runs qualys-mcp, or by root',
    )
  const isOfRoot = uid === 0 && own !== 0
  if ((mode & (isOfRoot ? 0o037 : 0o077)) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw new UnusableFileError(
    `is open to other users (mode ${octal})`,
    isOfRoot ? 'set its mode to 0440, with the group of the user who runs qualys-mcp' : 'run chmod 600 on it',
  )
}

/** The text of a file that nobody else may read or change. Throws an UnusableFileError. */
export const readPrivateFile = (path: string, maxBytes: number): OperatorFile =>
  readOperatorFile(path, {
    maxBytes,
    ifMissing: `check the path, or make it with ${ownCommand('callers add NAME')}`,
    refuse: refuseOpenToOthers,
  })
