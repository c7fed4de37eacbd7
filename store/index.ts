export type { CopySink, Database } from './database.ts';
export { factsIn } from './facts.ts';
export { type InputName, inputTables } from './inputs.ts';
export {
  beginLoad,
  beginStaging,
  eventKinds,
  eventsKnown,
  hasLoaded,
  type LoadLayout,
  loads,
  mergeStaged,
  type QuarantinedRow,
  quarantined,
  type Reconciliation,
  type Refusal,
  type RefusingLoad,
  refusedRows,
  refusingLoads,
  releaseRefused,
  type StagedRow,
  stagedLine,
  stageInto,
  stageRefused,
  stubPartners,
} from './loads.ts';
export {
  assignedToSend,
  type Delivery,
  enqueue,
  keepNudges,
  nudges,
  type StoredNudge,
  settleDelivery,
  takeDelivery,
} from './nudges.ts';
export { embeddedStoreIn, inputsLoaded, openScratch, openStore, removeEmbeddedStore } from './open.ts';
export { type ProblemCode, problem } from './problem.ts';
export { withoutRate } from './rates.ts';
export {
  keepPosition,
  openRelations,
  type Piece,
  type Position,
  positionOf,
  type Relation,
  type Relations,
  wasRead,
} from './relations.ts';
export {
  type Claim,
  claimRun,
  finishRun,
  type Interval,
  LEASE_MILLISECONDS,
  lastDone,
  renewClaim,
  requireClaim,
  runOf,
  runs,
} from './runs.ts';
export {
  filterChoices,
  type Partner,
  type PartnerScore,
  type Publication,
  partnerWithId,
  publicationOf,
  publishScores,
  type ScoreFilter,
  type ScorePage,
  scoreSeries,
  scoresOf,
  summaryOf,
} from './scores.ts';
export { registerVersion, versionFor, versionNamed } from './versions.ts';
