export {
  classScoreOf,
  classScoresOf,
  type PartnerClassScore,
  publishClassScores,
  storedClassScores,
} from './class-scores.ts';
export { coverage } from './coverage.ts';
export type { CopySink, Database } from './database.ts';
export { cachedFacts, cacheState } from './fact-cache.ts';
export { factsIn } from './facts.ts';
export { type KeptProfile, keepProfile, profileNamed, profilesKept } from './ideal-profiles.ts';
export {
  type IncidentWeek,
  incidents,
  incidentsBefore,
  incidentWithId,
  keepFeedback,
  keepIncidentWeek,
  lastIncidentWeek,
  type StoredIncident,
  sourcesOfKinds,
  VERDICTS,
  verdicts,
} from './incidents.ts';
export { type InputName, inputTables } from './inputs.ts';
export { type DatedLifecycle, keepLifecycles, lifecycleOn } from './lifecycles.ts';
export { beginLoad, eventKinds, eventsKnown, hasLoaded, lastLoad, loads, stubPartners } from './loads.ts';
export { type LoadLayout, mergeStaged, type Reconciliation } from './merging.ts';
export { companiesKnown } from './named-companies.ts';
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
export { filterChoices, type Partner, partnerNames, partnerWithId } from './partners.ts';
export { keepPosition, type Position, positionOf, wasRead } from './positions.ts';
export { type ProblemCode, problem } from './problem.ts';
export { type ProspectAction, prospectActions, prospectStates, recordProspect } from './prospect-actions.ts';
export {
  type ListedProspect,
  listedProspects,
  type ProspectList,
  prospectList,
  publishProspects,
} from './prospect-lists.ts';
export { approachedProspects, hasProspects, type Prospect, prospectsKnown } from './prospects.ts';
export { type Publication, type PublicationFilter, publicationOf, publications } from './publications.ts';
export {
  type QuarantinedRow,
  quarantined,
  type RefusingLoad,
  refusedRows,
  refusingLoads,
  releaseRefused,
} from './quarantine.ts';
export { withoutRate } from './rates.ts';
export { openRelations, type Piece, type Relation, type Relations } from './relations.ts';
export {
  type Claim,
  claimRun,
  finishRun,
  type Interval,
  LEASE_MILLISECONDS,
  lastDone,
  renewClaim,
  requireClaim,
  runId,
  runOf,
  runs,
} from './runs.ts';
export {
  type PartnerScore,
  publishScores,
  type ScoreFilter,
  type ScorePage,
  type StoredScore,
  scoreSeries,
  scoresOf,
  storedScores,
  summaryOf,
} from './scores.ts';
export { beginStaging, type Refusal, type StagedRow, stagedLine, stageInto, stageRefused } from './staging.ts';
export {
  type ListedVersion,
  lastTrained,
  promoteVersion,
  promotionsOf,
  type RegisteredVersion,
  registerVersion,
  storedVersion,
  versionNamed,
  versionsOf,
} from './versions.ts';
export {
  keepResult,
  keepWatch,
  lastWatch,
  type ScoreboardRow,
  scoreboardOf,
  uncountedLists,
  type WatchRecord,
  watchesOf,
} from './watch.ts';
