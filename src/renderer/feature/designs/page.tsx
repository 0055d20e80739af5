/** Designs: all of them, or one on the drawing table, by address. */
import { useRoute } from '../../frame/route.ts'
import { DesignPage } from './design-page.tsx'
import { DesignsList } from './designs-list.tsx'
import './designs-page.css'

export default function DesignsPage() {
  const [id] = useRoute().path
  return id === undefined ? <DesignsList /> : <DesignPage key={id} id={id} />
}
