import type { ReactNode } from 'react';
import { usePlace } from '../place.ts';
import { Icon } from './icon.tsx';
import { ViewHead } from './view-head.tsx';

/** A view of a case that holds no events yet: what can be done. */
export function NoEvidence({ title }: { readonly title: string }): ReactNode {
  const { go } = usePlace();
  return (
    <>
      <ViewHead title={title} about="nothing has been read yet" />
      <div className="first-steps">
        <h2>Start this case from logs</h2>
        <p className="prose t2">
          Add audit logs: files, folders or archives. They are opened read-only, hashed while they are read, and stay on
          this machine. Rules run while reading; findings appear on the overview.
        </p>
        <div className="row">
          <button type="button" className="btn primary" onClick={() => go('evidence')}>
            <Icon name="plus" size={13} />
            Add evidence…
          </button>
        </div>
        <h3>What can be read</h3>
        <p className="t2">
          JSON lines, JSON lists and EventList; CloudWatch, Azure, Google Cloud and OpenShift exports; Fluent Bit,
          Vector and Loki wrappers; in gzip, zstd, xz, bzip2, zip and tar, nested as they come.
        </p>
      </div>
    </>
  );
}
