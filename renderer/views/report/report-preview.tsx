import type { ReactNode } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { Answered } from '../../parts/state.tsx';

/** The report as it would be made now, in a frame that runs nothing. */
export function ReportPreview(): ReactNode {
  const preview = useCall('report/preview', {});
  return (
    <div className="desk">
      <Answered call={preview} rows={10}>
        {(page) => <iframe className="report-frame" title="Preview of the report" sandbox="" src={page.path} />}
      </Answered>
    </div>
  );
}
