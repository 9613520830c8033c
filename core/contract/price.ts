/** What a plan that bills by cores would ask, and what keeping the logs takes. Prices are parameters: nothing here is an offer. */
export interface PriceRequest {
  /** For one vCore and month of 730 hours. */
  readonly perCoreMonth: number;
  readonly currency: string;
  /** When, and by whom, that price was said. */
  readonly priceOrigin: string;
  /** For one GB (10^9 bytes) and month. */
  readonly perGbMonth: number;
  /** Months that logs are kept. */
  readonly keepMonths: number;
}

export type CoresOrigin = 'capacity' | 'machine type' | 'unknown';

/** One node, as far as the log shows it. */
export interface NodeSpan {
  readonly name: string;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly deleted: boolean;
  readonly cores: number | null;
  readonly origin: CoresOrigin;
}

/** From `low` to `high`, with `likely` between them. */
export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface PriceEstimate {
  readonly request: PriceRequest;
  readonly hours: number;
  readonly nodes: readonly NodeSpan[];
  /** Nodes and cores over time: each line holds from its time on. */
  readonly steps: readonly { readonly time: string; readonly nodes: number; readonly cores: number }[];
  /** Cores on average over the log. */
  readonly cores: Range;
  readonly perMonth: Range;
  readonly logs: {
    readonly rawBytes: number;
    readonly caseBytes: number;
    readonly eventsPerDay: number;
    readonly rawBytesPerMonth: number;
    readonly caseBytesPerMonth: number;
    /** When the store is full: months kept, times bytes a month, times price. */
    readonly rawPerMonth: number;
    readonly casePerMonth: number;
  };
  /** What makes the figures unsure, in sentences. */
  readonly remarks: readonly string[];
}
