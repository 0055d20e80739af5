/** The pages of the rail, in its order. A page is shown to whoever may make the call that it lives on. */
import { Cpu, FileClock, FileStack, IdCard, PackageCheck, Printer, ShieldCheck, Users } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { CallName } from '#shared/contract/calls.ts'
import type { Role } from '#shared/journal/events.ts'
import type { TextKey } from '#shared/texts/index.ts'
import { mayCall } from '../store/session.ts'

export interface PageEntry {
  id: string
  title: TextKey
  icon: LucideIcon
  needs: CallName
  component: ComponentType
}

const pages: readonly PageEntry[] = [
  { id: 'produce', title: 'page.produce', icon: PackageCheck, needs: 'run.start', component: lazy(() => import('../feature/produce/page.tsx')) },
  { id: 'jobs', title: 'page.jobs', icon: FileStack, needs: 'job.records', component: lazy(() => import('../feature/jobs/page.tsx')) },
  { id: 'log', title: 'page.log', icon: FileClock, needs: 'log.query', component: lazy(() => import('../feature/log/page.tsx')) },
  { id: 'designs', title: 'page.designs', icon: IdCard, needs: 'design.list', component: lazy(() => import('../feature/designs/page.tsx')) },
  { id: 'chip', title: 'page.chip', icon: Cpu, needs: 'chip.documents', component: lazy(() => import('../feature/chip/page.tsx')) },
  { id: 'devices', title: 'page.devices', icon: Printer, needs: 'device.save', component: lazy(() => import('../feature/devices/page.tsx')) },
  { id: 'audit', title: 'page.audit', icon: ShieldCheck, needs: 'audit.verify', component: lazy(() => import('../feature/audit/page.tsx')) },
  { id: 'people', title: 'page.people', icon: Users, needs: 'people.list', component: lazy(() => import('../feature/people/page.tsx')) },
]

export function pagesFor(roles: readonly Role[]): PageEntry[] {
  return pages.filter((page) => mayCall(page.needs, roles))
}
