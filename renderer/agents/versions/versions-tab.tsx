import { useState } from 'react'
import { AgentId } from '../../../core/contract/index.ts'
import { useUiState } from '../../client/settings-context.tsx'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useDraft } from '../agents-context.tsx'
import { shareText } from '../arms/share-text.ts'
import { isUnsaved } from '../draft.ts'
import { ReleaseDialog } from '../releases/release-dialog.tsx'
import { releasable } from '../releases/release-words.ts'
import { ReleasesPane } from '../releases/releases-pane.tsx'
import { useReleases } from '../releases/use-releases.ts'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { Compare, WORKING_COPY, type Chosen } from './compare.tsx'
import { History } from './history.tsx'
import { useHistory } from './use-history.ts'
import classes from './versions.module.css'

type Part = 'compare' | 'releases'
const isPart = (value: unknown): value is Part => value === 'compare' || value === 'releases'

/** Every revision and version of the agent; any two can be compared, any can be restored, and a version released to some callers first. */
export function VersionsTab() {
  const { agent_id } = useWorkspace()
  const id = AgentId.parse(agent_id)
  const draft = useDraft(agent_id, (state) => state.draft)
  const history = useHistory(id)
  const releases = useReleases(id)
  const unsaved = draft !== undefined && isUnsaved(draft)
  const head = draft?.head.revision ?? 1
  const [part, setPart] = useUiState<Part>('versions.part', 'compare', isPart)
  const [chosen, setChosen] = useState<Chosen>()
  /** `true`: whichever version. */
  const [releasing, setReleasing] = useState<string | true>()
  const right = chosen?.right ?? (unsaved ? WORKING_COPY : head)
  const left = chosen?.left ?? (unsaved ? head : Math.max(head - 1, 1))
  const production = history.labels['production']
  const others = production === undefined ? [] : releasable(history.versions, production)
  const rolling = releases.list?.find(({ state }) => state === 'rolling')
  return (
    <ResizableGroup id="versions" orientation="horizontal">
      <Panel id="history" minSize={190} defaultSize={250} groupResizeBehavior="preserve-pixel-size">
        <History
          history={history}
          unsaved={unsaved}
          head={head}
          current={part === 'compare' ? right : undefined}
          rolling={rolling}
          onRelease={rolling ? undefined : setReleasing}
          onOpen={(revision) => {
            setPart('compare')
            setChosen({ right: revision, left: revision === WORKING_COPY || revision === 1 ? head : revision - 1 })
          }}
        />
      </Panel>
      <ResizeHandle label="Resize history and comparison" />
      <Panel id="compare" minSize={300}>
        <div className={classes.side}>
          <div className={classes.switch}>
            <Tabs
              label="Parts of the versions"
              tabs={[
                { id: 'compare', name: 'Compare' },
                { id: 'releases', name: rolling ? `Releases · ${rolling.version} at ${shareText(rolling.share)}` : 'Releases' },
              ]}
              tab={part}
              onTab={setPart}
            />
          </div>
          <div id={`panel-${part}`} role="tabpanel" aria-labelledby={`tab-${part}`} className={classes.part}>
            {part === 'compare' ? (
              <Compare history={history} left={left} right={right} unsaved={unsaved} head={head} onChosen={setChosen} />
            ) : (
              <ReleasesPane
                releases={releases}
                production={production}
                releasable={others.length > 0}
                onRelease={() => setReleasing(true)}
              />
            )}
          </div>
        </div>
        {releasing !== undefined && production !== undefined && (
          <ReleaseDialog
            agent_id={id}
            versions={others}
            production={production}
            version={releasing === true ? undefined : releasing}
            onClose={() => setReleasing(undefined)}
            onReleased={() => setPart('releases')}
          />
        )}
      </Panel>
    </ResizableGroup>
  )
}
