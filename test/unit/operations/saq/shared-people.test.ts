import { expect, test } from 'vitest'
import { type Person, SharedPeople } from '../../../../src/operations/saq/people/person.ts'

const ann: Person = { id: '1', name: 'Ann Lee', company: 'One', emailAddress: 'ann@example.com' }

test('a person whom several records show alike is one object', () => {
  const people = new SharedPeople()
  expect(people.shared(ann)).toBe(ann)
  expect(people.shared({ ...ann })).toBe(ann)
})

test.each<Partial<Person>>([{ id: '2' }, { name: '' }, { company: 'Two' }, { emailAddress: '' }])(
  'a record that differs (%j) stays as it is',
  (difference) => {
    const people = new SharedPeople()
    people.shared(ann)
    expect(people.shared({ ...ann, ...difference })).toEqual({ ...ann, ...difference })
  },
)

test('people without ids are not taken for one another', () => {
  const people = new SharedPeople()
  const [one, other] = [
    { ...ann, id: '' },
    { ...ann, id: '' },
  ]
  expect(people.shared(one)).toBe(one)
  expect(people.shared(other)).toBe(other)
})
