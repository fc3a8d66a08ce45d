import { expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'
import { attemptInBothModes, type Outcome } from './both-modes.ts'

interface Asset {
  readonly id: number
  readonly lab: boolean
  readonly tags: readonly { readonly id: string }[]
}

export const most = (number: number): Environment => ({ QUALYS_MAX_ASSETS_PER_RUN: String(number) })

/** The hosts of a sandbox and their tags, as they are stored. */
export class Fleet {
  readonly #sandbox: TestSandbox
  readonly #hosts = new Map<string, number[]>()
  readonly #labTags: readonly string[]
  readonly assets: readonly Asset[]

  private constructor(sandbox: TestSandbox, assets: readonly Asset[], labTags: readonly string[]) {
    this.#sandbox = sandbox
    this.#labTags = labTags
    this.assets = assets
    for (const { id, tags } of assets)
      for (const tag of tags) this.#hosts.set(tag.id, [...this.hostsWith(tag.id), id])
  }

  static async of(sandbox: TestSandbox): Promise<Fleet> {
    const assets = (await sandbox.control.dump('assets')) as unknown as Asset[]
    const tags = (await sandbox.control.dump('tags')) as unknown as { id: string; lab: boolean }[]
    return new Fleet(
      sandbox,
      assets,
      tags.filter(({ lab }) => lab).map(({ id }) => id),
    )
  }

  /** Ids of the hosts that have a tag. */
  hostsWith(tag: string): readonly number[] {
    return this.#hosts.get(tag) ?? []
  }

  /** A tag with some hosts that is not a lab tag. */
  someTag(other?: string): string {
    const found = [...this.#hosts].find(
      ([tag, hosts]) => tag !== other && hosts.length >= 3 && !this.#labTags.includes(tag),
    )
    return found?.[0] ?? ''
  }

  /** A lab tag with some hosts. */
  labTag(): string {
    return this.#labTags.find((tag) => this.hostsWith(tag).length > 1) ?? ''
  }

  /** The id of a host without the tag. */
  strangerTo(tag: string): number | undefined {
    return this.assets.find(({ id }) => !this.hostsWith(tag).includes(id))?.id
  }

  /** An attempt at a run, or at another call. */
  attempt(
    args: object,
    limits: Environment,
    tool = 'car_execute_script',
    platform: Sandbox = this.#sandbox,
  ): Promise<Outcome> {
    return attemptInBothModes(this.#sandbox, [tool, args], limits, platform)
  }

  /** At the limit and below it is sent, one above it is not. */
  async expectCount(args: object, count: number, tool?: string): Promise<void> {
    expect((await this.attempt(args, most(count), tool)).sent).toBe(1)
    const over = await this.attempt(args, most(count - 1), tool)
    expect(over.sent).toBe(0)
    expect(over.text).toMatch(new RegExp(`has \\d+ hosts?, and QUALYS_MAX_ASSETS_PER_RUN is ${count - 1}\\.`))
  }
}
