/** Jobs: the list, one job, and the import of a file, by address. */
import { useRoute } from '../../frame/route.ts'
import { useMay } from '../../store/session.ts'
import { ImportPage } from './import-page.tsx'
import { JobPage } from './job-page.tsx'
import { JobsList } from './jobs-list.tsx'
import './jobs-page.css'

export default function JobsPage() {
  const [part] = useRoute().path
  const mayImport = useMay('intake.import')
  if (part === undefined) return <JobsList />
  if (part === 'import' && mayImport) return <ImportPage />
  return <JobPage key={part} id={part} />
}
