// Before any chunk with a part of Monaco: it asks for its policies while it is being loaded.
import './views/studio/monaco-environment.ts';
import './style/fonts.css';
import './style/tokens.css';
import './style/app.css';
import './style/parts.css';
import './style/views.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './calls/connect.ts';
import { applyPreferences } from './prefs.ts';
import { StartFault } from './start-fault.tsx';

applyPreferences();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyPreferences);
const root = createRoot(document.getElementById('app') as HTMLElement);
connect().then(
  (bridge) => root.render(<App bridge={bridge} />),
  (error: unknown) => root.render(<StartFault error={error} />),
);
