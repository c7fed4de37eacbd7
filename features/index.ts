export { Aftermath } from './aftermath.ts';
export type { ColumnNames } from './arrow.ts';
export { arrowBytes, parquetBytes, readArrow } from './arrow-and-parquet.ts';
export { type CatalogueEntry, catalogueOf, type WordedView, wordedViews } from './catalogue.ts';
export { decodeColumns, digestIn, encodeColumns } from './columns-file.ts';
export { type Company, numberIn } from './company.ts';
export { convertMoney } from './convert-money.ts';
export { csvBytes } from './csv.ts';
export { type DealEvent, type DealVersion, dealEvents } from './deal-events.ts';
export { withPoint } from './decimal.ts';
export {
  type Agreement,
  type AttributeVersion,
  BLANK,
  type EndReason,
  type EventColumns,
  EventColumnsBuilder,
  type EventRow,
  type Profile,
} from './event-columns.ts';
export type { FactSource } from './fact-source.ts';
export { type Described, describedFeatures, type Feature, type FeatureView, type Unit } from './feature.ts';
export {
  column,
  type FeatureTable,
  joinTables,
  rowCount,
  rowsByCutoff,
  rowsWhere,
  selectRows,
} from './feature-table.ts';
export { fitGammaPrior, type GammaPrior, logGamma, quietProbability } from './gamma-poisson.ts';
export { gather, knownBy, meet, type Placed } from './gather.ts';
export { History, hasEnded } from './history.ts';
export { DEFAULT_QUALIFYING_KINDS } from './kinds.ts';
export { KnownProfile } from './known-profile.ts';
export { LIFECYCLE_STATES, type Lifecycle, lifecycleOf } from './lifecycle.ts';
export { type ExchangeRate, minorDigits, RATE_HOLDS_DAYS, RateBook } from './money.ts';
export type { Program, TrackingStart } from './program.ts';
export { shortest } from './shortest.ts';
export { completeTable, FeatureRows, visitHistories } from './table-builder.ts';
export type { TableNotes } from './table-notes.ts';
export {
  addMonths,
  cutoffsBetween,
  DAY,
  formatDay,
  type Instant,
  parseDay,
  type Step,
  startOfDay,
} from './time.ts';
export { activationView } from './views/activation.ts';
export { churnRiskView } from './views/churn-risk.ts';
export { viewNamed, views } from './views/index.ts';
export { newPartnerPotentialView } from './views/new-partner-potential.ts';
export { prospectView, type TraitWords, traitsInUse, traitView } from './views/prospects.ts';
export { trajectoryView } from './views/trajectory.ts';
export { startOfWeek, type TrackedMetric, trackedMetrics, WEEK, weeklyMetricNamed } from './weekly-metrics.ts';
export { countWeeks } from './weekly-series.ts';
