// The tokens come first: they lay down the order of all layers.
import './ui/style/tokens.css'
import './ui/style/base.css'
import './ui/style/controls.css'
import './ui/style/parts.css'
import './frame/frame.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { watchConnection } from './store/live.ts'
import { applyPreferences } from './store/preferences.ts'

applyPreferences(document.documentElement)
watchConnection()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
