import { languageById } from './content/languages.ts'
import type { Asset, BlockedCommands, Tag } from './rows.ts'

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

/** Sets of blocked commands; the first is the vendor's sample. Entries keep the spaces after the commas. */
export function makeBlockedCommands(): BlockedCommands[] {
  return commands.map(([languageId, list], index) => {
    const { name: language, platform } = languageById(languageId)
    return { languageId, commandId: 102 + index, language, platform, commands: list.split(',') }
  })
}

/** Two assets without tags, so that they do not block other tests. */
export function makeBlockedAssets(assets: Asset[]): number[] {
  return assets
    .slice(1)
    .filter(({ lab, tags }) => !lab && tags.length === 0)
    .slice(-2)
    .map(({ id }) => id)
}

/**
 * The rarest tag of those that neither a lab asset nor the first asset has. The first asset is the one in the
 * vendor's execute sample.
 */
export function makeBlockedTags(assets: Asset[], tags: Tag[]): number[] {
  const assetCounts = new Map(tags.map(({ id }) => [id, 0]))
  for (const asset of assets) {
    const isExcluded = asset.lab || asset === assets[0]
    for (const { id } of asset.tags)
      assetCounts.set(id, isExcluded ? Infinity : (assetCounts.get(id) ?? 0) + 1)
  }
  const count = ({ id }: Tag) => assetCounts.get(id) ?? 0
  const [rarest] = tags
    .filter((tag) => !tag.lab && count(tag) > 0 && count(tag) < Infinity)
    .sort((a, b) => count(a) - count(b))
  return rarest ? [rarest.tagId] : []
}
