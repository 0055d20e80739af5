/** The head of the frame: each machine with its state, the job that runs, the person, language and theme. */
import { CircleUserRound, KeyRound, Languages, Lock, LogOut, Monitor, Moon, Sun, SunMoon } from 'lucide-react'
import type { DeviceView } from '#shared/contract/live.ts'
import { useWords } from '../i18n/provider.tsx'
import { useDevices, useLive } from '../store/live.ts'
import { attempt } from '../store/notices.ts'
import { usePreferences } from '../store/preferences.ts'
import { signOut, useSession } from '../store/session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import type { MenuEntry } from '../ui/menu.tsx'
import { DeviceMark } from './device-mark.tsx'
import { accountPage } from './account-page.tsx'
import { goTo, routeTo } from './route.ts'

export function Header() {
  const { say } = useWords()
  const devices = useDevices()
  return (
    <header className="head">
      <div className="head-devices">
        {devices.length === 0 && <span className="soft">{say('frame.no-device')}</span>}
        {devices.map((device) => (
          <DeviceInHead key={device.device} device={device} brief={devices.length > 1} />
        ))}
      </div>
      <RunningJobs />
      <div className="row head-right">
        <PersonMenu />
        <LanguageSwitch />
        <ThemeMenu />
      </div>
    </header>
  )
}

function DeviceInHead({ device, brief }: { device: DeviceView; brief: boolean }) {
  return (
    <a className="head-device" href={routeTo('produce', [device.device])} title={device.name}>
      <strong>{device.name}</strong>
      <DeviceMark device={device} brief={brief} />
    </a>
  )
}

function RunningJobs() {
  const { say } = useWords()
  const running = useLive((state) => state.runs.filter((run) => run.state !== 'ended').map((run) => state.jobs.find((job) => job.job === run.job)?.name ?? run.job))
  return (
    <p className="head-job" title={running.join(', ')}>
      {running.length === 0 ? <span className="soft">{say('frame.no-job')}</span> : running.length === 1 ? running[0] : say('frame.jobs', { count: running.length })}
    </p>
  )
}

function PersonMenu() {
  const { say } = useWords()
  const session = useSession((store) => store.session)
  if (session === undefined) return null
  const entries: MenuEntry[] = [
    { id: 'lock', text: say('frame.lock'), icon: <Lock size={18} aria-hidden />, run: () => void attempt(() => signOut({ locked: true })) },
    { id: 'password', text: say('frame.password'), icon: <KeyRound size={18} aria-hidden />, run: () => goTo(routeTo(accountPage)) },
    { kind: 'separator', id: 'line' },
    { id: 'sign-out', text: say('frame.sign-out'), icon: <LogOut size={18} aria-hidden />, run: () => void attempt(() => signOut({ locked: false })) },
  ]
  return (
    <Menu
      label={say('frame.person', { name: session.name })}
      entries={entries}
      trigger={
        <Button kind="quiet" icon={<CircleUserRound size={20} aria-hidden />} aria-label={say('frame.person', { name: session.name })}>
          {session.name}
        </Button>
      }
    />
  )
}

export function LanguageSwitch() {
  const { language, say } = useWords()
  const setLanguage = usePreferences((preferences) => preferences.setLanguage)
  const other = language === 'en' ? 'ru' : 'en'
  return (
    <Button kind="quiet" icon={<Languages size={18} aria-hidden />} aria-label={`${other.toUpperCase()} — ${say('frame.language.other')}`} onPress={() => setLanguage(other)}>
      {other.toUpperCase()}
    </Button>
  )
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const

export function ThemeMenu() {
  const { say } = useWords()
  const theme = usePreferences((preferences) => preferences.theme)
  const setTheme = usePreferences((preferences) => preferences.setTheme)
  const entries = (['system', 'light', 'dark'] as const).map((id): MenuEntry => {
    const Icon = themeIcons[id]
    return { id, text: say(`frame.theme.${id}`), icon: <Icon size={18} aria-hidden />, chosen: id === theme, run: () => setTheme(id) }
  })
  return (
    <Menu
      label={say('frame.theme')}
      entries={entries}
      trigger={
        <IconButton label={say('frame.theme')}>
          <SunMoon size={20} />
        </IconButton>
      }
    />
  )
}
