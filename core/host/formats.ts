/** What can be read, for the doors. */
export { CONTAINERS, FORMATS, LOOK_ALIKES } from '../ingest/catalogue.ts';
