import type { AlertFilter, AlertLine, Counted, NextStep } from './alert-calls.ts';
import type { MarkGlance } from './event-calls.ts';
import type { IdentityLink, Incident, IndicatorListRow, Level, RunWarning } from './rows.ts';
import type { EntityRef } from './scope.ts';

export interface IncidentLine {
  readonly id: number;
  readonly title: string;
  readonly level: Level;
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  readonly alerts: number;
  readonly open: number;
  readonly events: number;
  readonly tactics: readonly string[];
  readonly marks: MarkGlance;
}

export interface IncidentDetail {
  readonly line: IncidentLine;
  readonly incident: Incident;
  /** In the order of time. */
  readonly alerts: readonly AlertLine[];
  readonly nextSteps: readonly NextStep[];
}

/** What the overview shows beside incidents, alerts and coverage. */
export interface Overview {
  readonly incidents: readonly IncidentLine[];
  /** The gravest, told whole. */
  readonly first: IncidentDetail | null;
  readonly identities: readonly (Counted & { readonly level: Level })[];
  readonly objects: readonly (Counted & { readonly level: Level })[];
  readonly startHere: readonly NextStep[];
  /** Limits that the last run of the rules reached: what it could not learn or look at. */
  readonly warnings: readonly RunWarning[];
}

export interface Suppression {
  readonly id: number;
  readonly rule: string | null;
  readonly ruleTitle: string | null;
  readonly entity: EntityRef | null;
  /** In the query language, over the proving events; empty: no further condition. */
  readonly condition: string;
  readonly reason: string;
  readonly examiner: string;
  readonly time: number;
  /** Null: never. */
  readonly expiresAt: number | null;
  readonly hides: number;
}

export interface SuppressionDraft {
  readonly rule?: string;
  readonly entity?: EntityRef;
  readonly condition?: string;
  readonly reason: string;
  readonly expiresAt?: number;
}

export interface IncidentCalls {
  'overview/show': (req: Record<string, never>) => Overview;
  'incidents/list': (req: { readonly filter?: AlertFilter }) => readonly IncidentLine[];
  'incidents/detail': (req: { readonly id: number }) => IncidentDetail;
  /** Who acts with what another identity made, took or allowed, by time; of one identity, on either side. */
  'actors/links': (req: { readonly user?: string }) => readonly IdentityLink[];
  'suppressions/list': (req: Record<string, never>) => readonly Suppression[];
  /** What it would hide now. */
  'suppressions/simulate': (req: { readonly draft: SuppressionDraft }) => {
    readonly hides: number;
    readonly examples: readonly AlertLine[];
  };
  /** Admin. */
  'suppressions/add': (req: { readonly draft: SuppressionDraft }) => Suppression;
  'suppressions/remove': (req: { readonly id: number; readonly reason: string }) => { readonly action: number };
  'indicators/lists': (req: Record<string, never>) => readonly IndicatorListRow[];
  /** From a file that was uploaded or chosen. Admin. */
  'indicators/add': (req: {
    readonly token: string;
    readonly name: string;
    readonly note?: string;
  }) => IndicatorListRow;
  'indicators/remove': (req: { readonly name: string; readonly reason: string }) => readonly IndicatorListRow[];
}
