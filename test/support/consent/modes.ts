import { expect } from 'vitest'
import type { TestSandbox } from '../sandbox.ts'
import { textOf } from '../stdio/peers.ts'
import { type ConnectedClient, call, countEffects, outcomeOf } from './clients.ts'

/** Settings that decide without a question, and what a client gets then. */
export const modes = {
  unattended: {
    settings: { QUALYS_MODE: 'unattended' },
    expectThere: async ({ peer, questions }: ConnectedClient, sandbox: TestSandbox): Promise<void> => {
      expect((await peer.callTool(call)).isError).not.toBe(true)
      expect(questions).toEqual([])
      expect(await countEffects(sandbox)).toBe(1)
    },
  },
  'read-only': {
    settings: { QUALYS_MODE: 'read-only' },
    expectThere: async ({ peer, questions }: ConnectedClient, sandbox: TestSandbox): Promise<void> => {
      const { tools } = await peer.listTools()
      expect(tools.length).toBeGreaterThan(10)
      const effects = /execute|create|update|delete|block_(assets|tags)/
      expect(tools.filter(({ name }) => effects.test(name))).toEqual([])
      expect(await outcomeOf(peer.callTool(call))).toMatch(/not found/)
      expect(questions).toEqual([])
      expect(await countEffects(sandbox)).toBe(0)
    },
  },
  'a limit': {
    settings: { QUALYS_MAX_ASSETS_PER_RUN: '0' },
    expectThere: async ({ peer, questions }: ConnectedClient, sandbox: TestSandbox): Promise<void> => {
      expect(textOf(await peer.callTool(call))).toMatch(/^The operator’s limits forbid it/)
      expect(questions).toEqual([])
      expect(await countEffects(sandbox)).toBe(0)
    },
  },
} as const

export const modeNames = Object.keys(modes) as (keyof typeof modes)[]
