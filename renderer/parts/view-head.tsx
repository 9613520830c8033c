import type { ReactNode } from 'react';

/** What is shown and how many, then what can be done about it. */
export function ViewHead({
  title,
  about,
  tabs,
  children,
}: {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly tabs?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="head">
      <h1>{title}</h1>
      {tabs}
      {about === undefined ? null : <span className="t2 clip">{about}</span>}
      <span className="grow" />
      {children}
    </div>
  );
}

/** One choice of few, all in sight. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [NoInfer<T>, string])[];
  onChange(value: NoInfer<T>): void;
}): ReactNode {
  return (
    <span className="seg" role="group" aria-label={label}>
      {options.map(([key, title]) => (
        <button key={key} type="button" className="btn" aria-pressed={key === value} onClick={() => onChange(key)}>
          {title}
        </button>
      ))}
    </span>
  );
}
