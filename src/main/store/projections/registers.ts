/** The workspace's name, its people, devices and card designs: each fact replaces what was known. */
import type { DatabaseSync } from 'node:sqlite'
import { one } from '../database.ts'
import { notAllowed } from '../refusal.ts'
import type { Projection } from './projection.ts'

export function createRegisters(connection: DatabaseSync): Projection {
  const workspace = connection.prepare('SELECT 1 FROM workspace')
  const nameWorkspace = connection.prepare('INSERT INTO workspace (one, name, demo) VALUES (1, ?, ?)')
  const person = connection.prepare('SELECT 1 FROM people WHERE person = ?')
  const putPerson = connection.prepare('INSERT OR REPLACE INTO people (person, name, roles, active) VALUES (?, ?, ?, ?)')
  const device = connection.prepare('SELECT 1 FROM devices WHERE device = ? AND removed = 0')
  const putDevice = connection.prepare('INSERT OR REPLACE INTO devices (device, name, profile, mode, link, stations, removed) VALUES (?, ?, ?, ?, ?, ?, 0)')
  const removeDevice = connection.prepare('UPDATE devices SET removed = 1 WHERE device = ?')
  const latestDesign = connection.prepare('SELECT max(revision) AS revision FROM designs WHERE design = ?')
  const document = connection.prepare('SELECT 1 FROM design_documents WHERE design = ? AND revision = ?')
  const putDesign = connection.prepare('INSERT INTO designs (design, revision, digest, name, saved_at, saved_by) VALUES (?, ?, ?, ?, ?, ?)')

  return {
    apply({ at, by, fact }) {
      switch (fact.kind) {
        case 'workspace.created':
          if (workspace.get()) throw notAllowed(fact.kind, 'the workspace has its name')
          nameWorkspace.run(fact.name, Number(fact.demo))
          break
        case 'person.added':
          if (person.get(fact.person)) throw notAllowed(fact.kind, 'the person is known')
          putPerson.run(fact.person, fact.name, JSON.stringify(fact.roles), 1)
          break
        case 'person.changed':
          if (!person.get(fact.person)) throw notAllowed(fact.kind, 'the person is not known')
          putPerson.run(fact.person, fact.name, JSON.stringify(fact.roles), Number(fact.active))
          break
        case 'device.saved':
          putDevice.run(fact.device, fact.name, fact.profile, fact.mode, JSON.stringify(fact.link), JSON.stringify(fact.stations ?? []))
          break
        case 'device.removed':
          if (!device.get(fact.device)) throw notAllowed(fact.kind, 'the device is not known')
          removeDevice.run(fact.device)
          break
        case 'design.saved': {
          const latest = one<{ revision: number | null }>(latestDesign, fact.design)?.revision ?? 0
          if (fact.revision <= latest) throw notAllowed(fact.kind, 'revision')
          if (!document.get(fact.design, fact.revision)) throw notAllowed(fact.kind, 'its document was not saved with it')
          putDesign.run(fact.design, fact.revision, fact.digest, fact.name, at, by)
          break
        }
        default:
      }
    },
    clear: () => connection.exec('DELETE FROM workspace; DELETE FROM people; DELETE FROM devices; DELETE FROM designs'),
  }
}
