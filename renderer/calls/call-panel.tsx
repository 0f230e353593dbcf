import { useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { AgentDocument } from '../../core/agent/document.ts'
import type { SessionSummary } from '../../core/contract/index.ts'
import type { Json } from '../../core/json.ts'
import type { SessionView } from '../../core/session/session-view.ts'
import { navigate, useRoute } from '../client/route.ts'
import { toStudioError, useOperation } from '../client/use-operation.ts'
import { useUiState } from '../client/settings-context.tsx'
import { useShortcut } from '../ui/shortcuts.ts'
import { toastError } from '../ui/toast.tsx'
import { useLiveCalls } from './calls-provider.tsx'
import { CallCards } from './cards/call-cards-view.tsx'
import { callCards, TEXT_CALL_CARD, type CardAction } from './cards/call-cards.ts'
import { useWorkerCards } from './cards/use-worker-cards.ts'
import { CallElsewhere } from './cards/call-elsewhere.tsx'
import { CallHere } from './cards/call-here.tsx'
import { CallHeader } from './header/call-header.tsx'
import { SwitchAgentMenu } from './header/switch-agent-menu.tsx'
import { callStatus } from './header/call-status.ts'
import { DeviceMenu } from './header/device-menu.tsx'
import { LiveCall } from './live-call.tsx'
import { roomCards } from './room/room-cards.ts'
import { DirectStrip } from './room/direct-strip.tsx'
import { RoomStrip } from './room/room-strip.tsx'
import { ToolQuestions } from './room/tool-questions.tsx'
import type { CallController, CallInput, CallState } from './session/call-controller.ts'
import { useAudioChoice } from './session/use-audio-choice.ts'
import { useOptionalStore } from './session/use-optional-store.ts'
import { callVariables, variableValues } from './setup/call-variables.ts'
import { CallStrip } from './header/call-strip.tsx'
import { usableWhatIf, whatIfOf } from './setup/what-if.ts'
import { readCaller } from './setup/caller-details.ts'
import { StartCard } from './setup/start-card.tsx'
import { useCallerDraft } from './setup/use-caller-draft.ts'
import { useCallPlace, type CallPlace } from './setup/use-call-place.ts'
import { scriptLines, useCallSetup } from './setup/use-call-setup.ts'
import classes from './call-panel.module.css'

export type CallPanelProps = Readonly<{
  agent_id: string
  agent_name: string
  /** What a call would use; absent while the draft is not valid. */
  document: AgentDocument | undefined
  /** Saves what is unsaved; false when it could not, which is told where it was typed. */
  ensureSaved: () => Promise<boolean>
  onOpenModels: () => void
}>

/** The call of an agent beside its workspace. */
export function CallPanel(props: CallPanelProps) {
  const calls = useLiveCalls()
  return calls ? <PanelOf key={props.agent_id} {...props} controller={calls.of(props.agent_id)} /> : null
}

const isInput = (value: Json): value is CallInput => value === 'microphone' || value === 'text'

type PanelProps = CallPanelProps & Readonly<{ controller: CallController }>

function PanelOf({ agent_id, agent_name, document, ensureSaved, onOpenModels, controller }: PanelProps) {
  const call = useStore(controller.store)
  const view = useOptionalStore(call.feed?.store)
  const audio = useOptionalStore(call.audio?.store)
  const choice = useAudioChoice()
  const room = useOptionalStore(call.room?.store)
  const setup = useCallSetup(agent_id)
  const place = useCallPlace()
  const [caller, setCaller] = useCallerDraft(agent_id)
  const [wanted, setWanted] = useUiState<CallInput>('call.input', 'microphone', isInput)
  const [saving, setSaving] = useState(false)
  /** The call in which somebody wanted to speak although it has no sound. */
  const [silentCall, setSilentCall] = useState<string>()
  const sayBox = useRef<HTMLInputElement>(null)

  const running = call.phase === 'live' || call.phase === 'stopping'
  const input = running ? call.input : wanted
  const status = callStatus(call.phase, view, audio)
  const wantsSound = running && silentCall !== undefined && call.session?.session_id === silentCall
  const workerCards = useWorkerCards(running ? call.session?.room?.connection_id : undefined)
  const cards = useMemo(
    () => [
      ...(wantsSound ? [TEXT_CALL_CARD] : []),
      ...roomCards(running ? room : undefined),
      ...workerCards,
      ...callCards(view, audio, call.failure),
    ],
    [wantsSound, running, room, workerCards, view, audio, call.failure],
  )

  /** The local server has to be fetched first, which the start card offers. */
  const missing = place.connection?.source === 'local' && place.server?.state === 'missing'

  const start = async () => {
    const { phase } = controller.store.getState()
    if (saving || (phase !== 'idle' && phase !== 'ended')) return
    setSaving(true)
    try {
      if (!(await ensureSaved())) return
      const at = await place.prepare()
      if (!at) return
      const variables = document ? variableValues(callVariables(document), setup.variables) : {}
      await controller.start({
        input: wanted,
        variables,
        script: scriptLines(setup.script),
        what_if: usableWhatIf(setup.what_if, wanted === 'microphone'),
        mock_tools: setup.mock_tools,
        ...(at.connection ? { connection_id: at.connection.connection_id, as: readCaller(caller).details } : {}),
        ...choice,
      })
      if (wanted === 'text') sayBox.current?.focus()
    } catch (cause) {
      toastError(toStudioError(cause))
    } finally {
      setSaving(false)
    }
  }
  const changeInput = (next: CallInput) => {
    setWanted(next)
    if (running && next === 'microphone' && call.session?.modality === 'text') return setSilentCall(call.session.session_id)
    setSilentCall(undefined)
    if (running) controller.setInput(next, choice.microphone_id)
    if (next === 'text') sayBox.current?.focus()
  }
  const toggleMute = () => controller.setMuted(!audio?.muted)
  const act = (action: CardAction) => {
    switch (action) {
      case 'retry_microphone':
        return void call.audio?.openMicrophone(choice.microphone_id)
      case 'use_text':
        return changeInput('text')
      case 'resume_sound':
        return call.audio?.resume()
      case 'open_models':
        return onOpenModels()
      case 'start_again':
        return void controller.stop().then(start)
      case 'take_sound':
        return controller.takeSound(choice)
    }
  }

  useShortcut('mod+Enter', running ? 'Stop the call' : 'Start a call', () => void (running ? controller.stop() : start()))
  useShortcut('mod+.', 'Switch between microphone and text', () => changeInput(input === 'text' ? 'microphone' : 'text'))
  useShortcut('m', 'Mute the microphone', toggleMute, audio !== undefined)

  return (
    <section className={classes.panel} aria-label={`Call with ${agent_name}`}>
      <CallHeader
        status={
          saving && call.phase !== 'starting' ? { label: place.deeds.busy ? 'Server starts' : 'Saving', tone: 'wait' } : status
        }
        call={call}
        input={input}
        audio={audio}
        levels={call.audio?.levels}
        canStart={document !== undefined && !saving && !missing}
        onInput={changeInput}
        onMute={toggleMute}
        onStart={() => void start()}
        onStop={() => void controller.stop()}
        devices={
          <DeviceMenu
            choice={choice}
            refresh={audio?.microphone}
            onMicrophone={(id) => {
              choice.chooseMicrophone(id)
              if (call.audio && input === 'microphone') void call.audio.openMicrophone(id)
            }}
            onSpeaker={(id) => {
              choice.chooseSpeaker(id)
              call.audio?.setSpeaker(id ?? '').catch(toastError)
            }}
          />
        }
      />
      {running && call.session && <Place call={call} session={call.session} view={view} place={place} controller={controller} />}
      <CallStrip what_if={whatIfOf(view)} view={view} />
      <CallCards cards={cards} onAction={act} onDismiss={({ id }) => id.startsWith('failure-') && controller.dismissFailure()} />
      {call.room && running && <ToolQuestions room={call.room} />}
      {!running && <Elsewhere agent_id={agent_id} onTake={(session) => controller.attach(session, true, choice)} />}
      {view && call.session ? (
        <LiveCall
          call={call}
          view={view}
          controller={controller}
          sayBox={sayBox}
          onSetup={controller.leave}
          onResume={() => void controller.resume(choice)}
          next={nextPlace(place)}
        />
      ) : document ? (
        <StartCard
          document={document}
          setup={setup}
          place={place}
          caller={caller}
          onCaller={setCaller}
          voice={wanted === 'microphone'}
          onOpenModels={onOpenModels}
        />
      ) : (
        <p className={classes.hint}>
          The agent cannot be called as it stands: mend the problems that the tabs mark, then start a call.
        </p>
      )}
    </section>
  )
}

type PlaceProps = Readonly<{
  call: CallState
  session: SessionSummary
  view: SessionView | undefined
  place: CallPlace
  controller: CallController
}>

/** Where the running call takes place, and who answers, which can be changed. */
function Place({ call, session, view, place, controller }: PlaceProps) {
  const menu = (
    <SwitchAgentMenu
      agent_id={view?.agent_id ?? session.agent_id}
      agent_name={session.agent_name}
      onSwitch={controller.switchAgent}
    />
  )
  if (session.kind === 'direct') return <DirectStrip>{menu}</DirectStrip>
  if (!call.room) return null
  return (
    <RoomStrip room={call.room} connection={connectionName(place, session)}>
      {menu}
    </RoomStrip>
  )
}

/** `Local server`, or the id of a connection that is no longer in the list. */
const connectionName = ({ connections }: CallPlace, session: SessionSummary | undefined): string => {
  const id = session?.room?.connection_id
  return connections.find(({ connection_id }) => connection_id === id)?.name ?? id ?? 'LiveKit'
}

/** Said beside *Start*, where the choice itself is not shown. */
const nextPlace = ({ connection }: CallPlace): string => (connection ? `through ${connection.name}` : 'directly')

/** A running call that is not in this panel: of this window, beside another agent; or with this agent, of another window or program. */
function Elsewhere({ agent_id, onTake }: { agent_id: string; onTake: Parameters<typeof CallElsewhere>[0]['onTake'] }) {
  const calls = useLiveCalls()
  const route = useRoute()
  const list = useOperation('session.list', { limit: 20 }, ['session.changed'])
  const running = (list.value?.sessions ?? []).filter(({ state }) => state === 'active')
  const carried = calls?.carried.read() ?? []
  const here = running.find(({ session_id }) => carried.includes(session_id))
  const beside = here && (calls?.besideAgent(here.session_id) ?? here.agent_id)
  if (here && beside !== undefined && beside !== agent_id)
    return (
      <CallHere
        session={here}
        onOpen={() => navigate({ screen: 'agents', agent_id: beside, tab: route.screen === 'agents' ? route.tab : 'prompt' })}
      />
    )
  const other = running.find((one) => one.agent_id === agent_id && one !== here)
  return other ? <CallElsewhere session={other} onTake={onTake} /> : null
}
