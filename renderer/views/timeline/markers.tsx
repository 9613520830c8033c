import { type ReactNode, useState } from 'react';
import { type TimeScale, xOf } from '../../../core/chart/time-axis.ts';
import type { Mark } from '../../../core/contract/mark-calls.ts';
import type { TimeRange } from '../../../core/contract/scope.ts';
import { useCall, useMayChange } from '../../calls/use-call.ts';
import { useKeys } from '../../keys/key-listener.ts';
import { MarkEditor } from '../../marks/mark-bar.tsx';
import { useMarking } from '../../marks/use-marks.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { dayAndTime } from '../../words/time.ts';

/** Own markers of the time line. */
export function useMarkers(): readonly Mark[] {
  return useCall('marks/list', { kinds: ['marker'], limit: 200 }, { keeps: true }).data?.rows ?? [];
}

/** Flags over the histogram; pressing one removes it after asking nothing, since it can be undone. */
export function MarkerFlags({
  markers,
  range,
  width,
  left,
}: {
  readonly markers: readonly Mark[];
  readonly range: TimeRange;
  readonly width: number;
  readonly left: number;
}): ReactNode {
  const scale: TimeScale = {
    from: range.from,
    to: Math.max(range.to, range.from + 1),
    width: Math.max(1, width - left),
  };
  const marking = useMarking();
  const mayChange = useMayChange();
  return markers.map((marker) => {
    if (marker.target?.kind !== 'time') return null;
    const x = xOf(scale, marker.target.from);
    if (x < 0 || x > scale.width) return null;
    const isAtEnd = x > scale.width - 140;
    return (
      <div key={marker.id} className={isAtEnd ? 'marker at-end' : 'marker'} style={{ left: left + x }}>
        <span className="chip" title={`${dayAndTime(marker.target.from)} UTC, ${marker.examiner}`}>
          <Icon name="flag" size={11} />
          <span className="clip">
            <EvidenceText>{marker.text}</EvidenceText>
          </span>
          {mayChange ? (
            <button
              type="button"
              className="chip-x"
              aria-label={`Remove marker ${marker.text}`}
              onClick={() => void marking.remove(marker.id, 'Marker')}
            >
              <Icon name="close" size={10} />
            </button>
          ) : null}
        </span>
      </div>
    );
  });
}

/** The button that sets a marker at a time, with its field. */
export function useMarkerButton(at: number | null): { readonly button: ReactNode; readonly editor: ReactNode } {
  const [isOpen, setOpen] = useState(false);
  const mayChange = useMayChange();
  const marking = useMarking();
  const start = (): boolean => {
    if (!mayChange || at === null) return false;
    setOpen(true);
    return true;
  };
  useKeys({ 'time.marker': start });
  return {
    button: (
      <button
        type="button"
        className="btn"
        disabled={!mayChange || at === null}
        onClick={start}
        title="Marker at the chosen event, or in the middle of the range (m)"
      >
        <Icon name="flag" size={13} />
        <span className="wide">Marker</span>
      </button>
    ),
    editor:
      isOpen && at !== null ? (
        <MarkEditor
          kind="marker"
          onCancel={() => setOpen(false)}
          onSave={(text) => {
            setOpen(false);
            void marking.add([{ kind: 'time', from: at, to: at }], { kind: 'marker', text }, dayAndTime(at));
          }}
        />
      ) : null,
  };
}
