import { languages } from './languages.ts'
import type { BlockedCommands } from './rows.ts'

const commands: readonly (readonly [languageId: number, list: string])[] = [
  [201, 'runas, Get-Service'],
  [201, 'Format-Volume,Clear-Disk, Remove-Item -Recurse'],
  [202, 'shutil.rmtree, os.remove'],
  [203, 'Scripting.FileSystemObject'],
  [508, 'rm -rf /, mkfs,dd if=, :(){ :|:& };:'],
  [508, 'curl, wget'],
  [509, 'shutil.rmtree,os.remove'],
  [510, 'unlink, system'],
  [4, 'rm -rf /,mkfs'],
  [601, 'diskutil eraseDisk, csrutil disable'],
]

/** Sets of blocked commands; the first one is the vendor's sample. Entries keep the blanks behind the commas. */
export function makeBlockedCommands(): BlockedCommands[] {
  return commands.map(([languageId, list], place) => {
    const language = languages.find(({ id }) => id === languageId)
    return {
      languageId,
      commandId: 102 + place,
      language: language?.name ?? '',
      platform: language?.platform ?? 'WINDOWS',
      commands: list.split(','),
    }
  })
}
