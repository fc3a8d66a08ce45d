import type { Page } from 'playwright-core'

// What a person does on the approval page, and reads there.

/** Presses the button with this label. */
export const press = (page: Page, label: string): Promise<void> =>
  page.getByRole('button', { name: label, exact: true }).click()

/** What the page says of the state of a request. */
export const stateOn = (page: Page): Promise<string> => page.locator('.state').first().innerText()

/** Makes a passkey for a person, on any page that holds the page key, and ends on the page of passkeys. */
export async function addPasskey(page: Page, person: string): Promise<void> {
  await press(page, 'Passkeys')
  await page.getByLabel('Person').fill(person)
  await page.getByLabel('Name of the passkey').fill(`${person}'s phone`)
  await press(page, 'Add a passkey')
  await page.getByRole('rowheader', { name: person }).waitFor()
}
