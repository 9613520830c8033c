import { type FormEvent, type ReactNode, useState } from 'react';
import { useAct } from '../../calls/use-call.ts';
import { tell } from '../../undo.ts';
import { counted } from '../../words/number.ts';
import type { Sending } from './sending.ts';

/** What the reader cannot know by itself, and the start. */
export function ImportForm({ sending }: { readonly sending: Sending }): ReactNode {
  const act = useAct();
  const [cluster, setCluster] = useState('');
  const [server, setServer] = useState('');
  const [label, setLabel] = useState('');
  const [password, setPassword] = useState('');
  const [detects, setDetects] = useState(true);
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const tokens = sending.files.flatMap((file) => (file.token === null ? [] : [{ token: file.token }]));
    const started = await act('import/start', {
      sources: tokens,
      detect: detects,
      ...(cluster.trim() === '' ? {} : { cluster: cluster.trim() }),
      ...(server.trim() === '' ? {} : { server: server.trim() }),
      ...(label.trim() === '' ? {} : { label: label.trim() }),
      ...(password === '' ? {} : { passwords: [password] }),
    });
    if (started === null) return;
    tell(`The import of ${counted(tokens.length, 'file')} runs. The case changes only when all is in.`);
    sending.clear();
  };
  return (
    <form className="import-form" onSubmit={(event) => void start(event)}>
      <details className="more">
        <summary>Cluster, server, label, password</summary>
        <div className="import-fields">
          <Field title="Cluster, if the logs do not say" value={cluster} onChange={setCluster} />
          <Field title="API server, if the logs do not say" value={server} onChange={setServer} />
          <Field title="Label: “USB stick 4, sealed bag 1187”" value={label} onChange={setLabel} />
          <Field title="Password of an archive" value={password} onChange={setPassword} isSecret />
        </div>
      </details>
      <div className="row">
        <button type="submit" className="btn primary" disabled={!sending.isReady}>
          Read {counted(sending.files.length, 'file')}
        </button>
        <label className="row">
          <input type="checkbox" checked={detects} onChange={(event) => setDetects(event.target.checked)} /> run the
          rules while reading
        </label>
        <span className="grow" />
        <button type="button" className="btn quiet" onClick={sending.clear}>
          Leave all out
        </button>
      </div>
    </form>
  );
}

function Field({
  title,
  value,
  onChange,
  isSecret = false,
}: {
  readonly title: string;
  readonly value: string;
  onChange(value: string): void;
  readonly isSecret?: boolean;
}): ReactNode {
  return (
    <label className="small-label t3">
      {title}
      <input
        className="field"
        type={isSecret ? 'password' : 'text'}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
