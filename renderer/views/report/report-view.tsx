import { type ReactNode, useState } from 'react';
import {
  REPORT_FORMATS,
  type ReportFormat,
  type ReportSettings,
  type ReportView as ReportState,
} from '../../../core/contract/report-calls.ts';
import { useAct, useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { useJobs } from '../../frame/jobs.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Answered } from '../../parts/state.tsx';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tell, tellFault } from '../../undo.ts';
import { count, counted, shortHash } from '../../words/number.ts';
import { Collected } from './collected.tsx';
import { ReportForm } from './report-form.tsx';
import { ReportPreview } from './report-preview.tsx';

const FORMAT_TITLES: Readonly<Record<ReportFormat, string>> = {
  html: 'HTML, one file',
  pdf: 'PDF',
  json: 'JSON',
  csv: 'CSV',
  md: 'Markdown',
};

/** What was starred, tagged, noted and decided, and the report that is made of it. */
export function ReportView(): ReactNode {
  const { search, set } = usePlace();
  const view = useCall('report/view', {}, { keeps: true });
  const act = useAct();
  const tab = search.tab === 'preview' ? 'preview' : 'collected';
  const make = async (format: ReportFormat): Promise<void> => {
    if ((await act('report/make', { format })) !== null)
      tell('The report is being made; it is handed out here when it is done.');
  };
  return (
    <>
      <ViewHead
        title="Report"
        about={view.data === undefined ? undefined : <CollectedText view={view.data} />}
        tabs={
          <Segments
            label="Show"
            value={tab}
            options={[
              ['collected', 'Collected'],
              ['preview', 'Preview'],
            ]}
            onChange={(next) => set({ tab: next === 'preview' ? 'preview' : undefined })}
          />
        }
      >
        <DropMenu
          label="Make the report"
          options={REPORT_FORMATS.map((format) => ({
            key: format,
            title: FORMAT_TITLES[format],
            onPick: () => void make(format),
          }))}
        >
          <Icon name="download" size={13} />
          Make report
        </DropMenu>
      </ViewHead>
      <div className="body">
        <aside className="pane-scroll report-contents" aria-label="Contents of the report">
          <Answered call={view} rows={8}>
            {(data) => <Sections view={data} />}
          </Answered>
        </aside>
        <div className="pane grow">{tab === 'preview' ? <ReportPreview /> : <Collected />}</div>
        <aside className="pane-scroll report-side" aria-label="Front page">
          <MadeReports />
          <Answered call={view} rows={6}>
            {(data) => <ReportForm key={JSON.stringify(data.settings)} settings={data.settings} />}
          </Answered>
          {view.data === undefined ? null : (
            <section className="sec">
              <h2>
                Case hash
                <span className="sp" />
                <CopyButton text={view.data.caseHash} what="Case hash" />
              </h2>
              <p className="mono t2 breaks">{view.data.caseHash}</p>
              <p className="t3">
                It stands on every page ({shortHash(view.data.caseHash)}) and changes with evidence, runs and actions.
              </p>
            </section>
          )}
        </aside>
      </div>
    </>
  );
}

function CollectedText({ view }: { readonly view: ReportState }): ReactNode {
  const { stars, tags, notes, decisions } = view.collected;
  return `${counted(stars, 'star')}, ${counted(tags, 'tag')}, ${counted(notes, 'note')}, ${counted(decisions, 'decision')}`;
}

/** Which sections go in, and in which order. */
function Sections({ view }: { readonly view: ReportState }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const chosen = view.settings.sections;
  const ordered = [...view.sections].sort((a, b) => orderOf(chosen, a.id) - orderOf(chosen, b.id));
  const choose = (sections: readonly string[]): void =>
    void act('report/choose', { settings: { ...view.settings, sections } satisfies ReportSettings });
  const move = (id: string, by: -1 | 1): void => {
    const at = chosen.indexOf(id);
    const next = [...chosen];
    next.splice(at, 1);
    next.splice(at + by, 0, id);
    choose(next);
  };
  return (
    <section className="sec">
      <h2>Contents</h2>
      <ol>
        {ordered.map((section) => {
          const at = chosen.indexOf(section.id);
          return (
            <li key={section.id} className="report-section">
              <label className="row grow">
                <input
                  type="checkbox"
                  checked={at >= 0}
                  disabled={!mayChange}
                  onChange={() => choose(at >= 0 ? chosen.filter((id) => id !== section.id) : [...chosen, section.id])}
                />
                <span className="grow" title={section.about}>
                  <span className="b">{section.title}</span>
                  <br />
                  <span className="t3">
                    <EvidenceText>{section.about}</EvidenceText>
                  </span>
                </span>
              </label>
              <span className="t2 tn">{count(section.entries)}</span>
              <span className="movers">
                <button
                  type="button"
                  className="act-button"
                  aria-label={`Move ${section.title} up`}
                  disabled={!mayChange || at <= 0}
                  onClick={() => move(section.id, -1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="act-button"
                  aria-label={`Move ${section.title} down`}
                  disabled={!mayChange || at < 0 || at === chosen.length - 1}
                  onClick={() => move(section.id, 1)}
                >
                  ↓
                </button>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function orderOf(chosen: readonly string[], id: string): number {
  const at = chosen.indexOf(id);
  return at < 0 ? chosen.length : at;
}

/** Reports that were made since the server started, to be saved. */
function MadeReports(): ReactNode {
  const bridge = useBridge();
  const [saved, setSaved] = useState<ReadonlySet<number>>(new Set());
  const made = useJobs().flatMap((job) =>
    job.state === 'done' && job.result?.kind === 'report' ? [{ id: job.id, file: job.result.file }] : [],
  );
  if (made.length === 0) return null;
  return (
    <section className="sec">
      <h2>Made</h2>
      {made.map(({ id, file }) => (
        <div key={id} className="row">
          <span className="mono clip grow">{file.name}</span>
          <button
            type="button"
            className="btn"
            disabled={saved.has(id)}
            onClick={() =>
              void bridge.save(file).then((answer) => {
                if (answer.ok) setSaved(new Set(saved).add(id));
                else tellFault(answer.fault.message);
              })
            }
          >
            <Icon name="download" size={13} />
            {saved.has(id) ? 'Saved' : 'Save'}
          </button>
        </div>
      ))}
    </section>
  );
}
