import type { TestSandbox } from '../../support/sandbox.ts'

interface Tag {
  readonly id: string
  readonly name: string
}

export interface Asset {
  readonly id: number
  readonly lab: boolean
  readonly tags: readonly Tag[]
}

/** The hosts of a sandbox and their tags, as they are stored. */
export class Fleet {
  readonly assets: readonly Asset[]
  readonly #labTags: readonly string[]

  private constructor(assets: readonly Asset[], labTags: readonly string[]) {
    this.assets = assets
    this.#labTags = labTags
  }

  static async of({ control }: TestSandbox): Promise<Fleet> {
    const assets = (await control.dump('assets')) as unknown as Asset[]
    const tags = (await control.dump('tags')) as unknown as { id: string; lab: boolean }[]
    return new Fleet(
      assets,
      tags.filter(({ lab }) => lab).map(({ id }) => id),
    )
  }

  /** Ids of the hosts that have a tag. */
  hostsWith(tag: string): readonly number[] {
    return this.assets.filter(({ tags }) => tags.some(({ id }) => id === tag)).map(({ id }) => id)
  }

  /** A tag with some hosts that is not a lab tag. */
  someTag(other?: string): string {
    const tags = [...new Set(this.assets.flatMap((asset) => asset.tags.map(({ id }) => id)))]
    const found = tags.find(
      (tag) => tag !== other && !this.#labTags.includes(tag) && this.hostsWith(tag).length >= 3,
    )
    if (found === undefined) throw new Error('no tag has three hosts')
    return found
  }

  /** A lab tag with some hosts. */
  labTag(): string {
    const found = this.#labTags.find((tag) => this.hostsWith(tag).length > 1)
    if (found === undefined) throw new Error('no tag of a lab has two hosts')
    return found
  }

  /** The id of a host without the tag. */
  strangerTo(tag: string): number | undefined {
    return this.assets.find(({ id }) => !this.hostsWith(tag).includes(id))?.id
  }

  /** A host with two tags that have plain names. */
  tagged(): { readonly host: number; readonly one: Tag; readonly two: Tag } {
    const host = this.assets.find(
      ({ tags }) => tags.length === 2 && !tags.some(({ name }) => /,|^CAR|Lab/.test(name)),
    )
    const [one, two] = host?.tags ?? []
    if (!host || !one || !two) throw new Error('no host has two such tags')
    return { host: host.id, one, two }
  }

  /** A host without tags. */
  untagged(): number {
    const host = this.assets.find(({ tags }) => tags.length === 0)
    if (!host) throw new Error('no host is without tags')
    return host.id
  }
}
