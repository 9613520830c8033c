/** Shapes that the command line and the window show (docs: reference of the command line). Times are RFC 3339 UTC with microseconds. */
export * from './alert-rows.ts';
export * from './case-rows.ts';
export * from './entity-rows.ts';
export * from './evidence-rows.ts';
export * from './foreign-rows.ts';
export * from './incident-rows.ts';
export * from './link-rows.ts';
export * from './rule-rows.ts';
