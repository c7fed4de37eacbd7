export type { Instant } from '../features/index.ts';
export { DIP_EXPECTS, nextPeriod, scoreSeries, startDetector } from './anomalies/detector.ts';
export { detectors } from './anomalies/detectors.ts';
export {
  explainIncident,
  precisionOf,
  tellIncident,
  tellSpan,
  type Verdicts,
  wordsOf,
} from './anomalies/incident-words.ts';
export {
  followWeek,
  type Incident,
  REMEMBERED_WEEKS,
  SETTLED,
  type TimelineWeek,
  type Worth,
} from './anomalies/incidents.ts';
export { type DetectorState, usualSettings, withSeries } from './anomalies/memory.ts';
export { runP } from './anomalies/runs.ts';
export type { Findings, SeriesSet } from './anomalies/series.ts';
export { type FeedDays, heardFeeds, silentFeeds, silentSources } from './anomalies/silent-feeds.ts';
export { plant, type Trial, tellTrial, tryDetectors } from './anomalies/trial.ts';
export { LEVELS, type LevelWeek, type MetricWeek, type WeekFindings } from './anomalies/week-findings.ts';
export { type AnyModel, type CardOf, type FittedOf, loadVersionOf, type ResultOf } from './any-model.ts';
export { type BacktestResult, backtest } from './backtest.ts';
export { drawPartners, interval, type Measured, quantile } from './bootstrap.ts';
export { backtestClasses, type ClassBacktestResult } from './class-backtest.ts';
export { CLASS_METRICS, type ClassEvaluation, evaluationOfClassCard } from './class-past.ts';
export { type ClassScore, scoreClasses } from './class-score.ts';
export { type ClassListResult, settleClassList, tellClassList, tellClassVerdict } from './class-scoreboard.ts';
export { type ClassScoringModel, isClassModel } from './class-scoring-model.ts';
export { judgeClassSupply } from './class-sufficiency.ts';
export { type ClassModelCard, type FittedClassVersion, trainClassVersion } from './class-train.ts';
export { type ClassSet, settledClasses } from './classes.ts';
export { type Contest, contest, contestClasses, otherQuestion, UNCONTESTED } from './contest.ts';
export { ALARMS_PER_YEAR, type DriftWatch, tellDrift, watchDrift } from './drift-watch.ts';
export { discoveries } from './false-discoveries.ts';
export { hasBothClasses } from './folds.ts';
export {
  type InputQuality,
  inputsOfCard,
  MOST_ROWS,
  sampleAtRisk,
  summaryOf,
  tellSuspicious,
} from './input-quality.ts';
export { maturityDays } from './label.ts';
export { YARDSTICKS } from './labels/trajectory.ts';
export {
  type AskedLater,
  beginLookingLater,
  decideTop,
  type LaterOutcomes,
  type LookingLater,
  lookLater,
} from './later-outcomes.ts';
export type { LeadTime } from './lead-time.ts';
export { metricNamed, metrics, rank } from './metrics.ts';
export { decideIncidentNudges, decideNudge, decideProspectNudges, type NudgeDecision } from './nudges/decide.ts';
export { incidentRules, nudgeRules, prospectRules } from './nudges/index.ts';
export { tellNullTest } from './null-test.ts';
export { evaluationOfCard, PAST_METRICS, type PastEvaluation } from './past-evaluation.ts';
export { type Promotion, versionsInUse, wasRolledBack } from './promotion.ts';
export { type FeatureQuality, qualityOf } from './quality.ts';
export { type Random, seeded, seedFor } from './random.ts';
export { mainReasons, type Reason } from './reasons.ts';
export { diffProfiles } from './recruiting/diff-profiles.ts';
export { contestProfiles, editedProfile, measureEdited, type ProfileContest } from './recruiting/edited-profile.ts';
export { fitOfProfile } from './recruiting/fit-of-profile.ts';
export { learnProfile } from './recruiting/learn-profile.ts';
export { labelledTable, type PlainRows } from './recruiting/plain-table.ts';
export { loadProfile, type Profile, type ProfileTrait } from './recruiting/profile.ts';
export {
  type Approached,
  logOddsOf,
  type Propensity,
  trainPropensity,
} from './recruiting/propensity.ts';
export { type RankedProspect, rankProspects } from './recruiting/rank-prospects.ts';
export { type RankedRows, rankRows } from './recruiting/rank-rows.ts';
export { loadPropensity, savePropensity } from './recruiting/saved-propensity.ts';
export { tellDiff, tellProfile } from './recruiting/tell-profile.ts';
export { type Performance, type Standings, type TopPartners, tellTop } from './recruiting/top-partners.ts';
export { type ReliabilityBin, wilson } from './reliability.ts';
export { type Fate, type Replay, type Replayed, replaysOfCard, tellReplayed, writeFate } from './replay.ts';
export { type ReplayedModel, replayTraining } from './replay-training.ts';
export { blankNotes, noteRows, type RowNotes } from './row-notes.ts';
export { loadClassVersion, saveClassVersion } from './saved-class-version.ts';
export { loadVersion, requireFeatures, type SavedVersion, saveVersion } from './saved-version.ts';
export { type Beside, besidesOf, type Score, scoreTable } from './score.ts';
export { type ListResult, settleList, tellList } from './scoreboard.ts';
export { bandOf, type OutcomeWords, type ScoringModel } from './scoring-model.ts';
export { FEWEST_PARTNERS, type Slice } from './slices.ts';
export { anyModelNamed, classScoringModels, scoringModelNamed, scoringModels } from './specs/index.ts';
export {
  claimsOfCard,
  type Judgement,
  judgeSupply,
  nothingFor,
  type Sufficiency,
  supplyOf,
  tellClaims,
} from './sufficiency.ts';
export { type Survival, survivalAt } from './survival.ts';
export { callThread, letGo } from './threads.ts';
export { tellTrackRecord } from './track-record.ts';
export { type FittedVersion, type ModelCard, trainVersion } from './train.ts';
export {
  completePanel,
  outcomesOn,
  type Panel,
  type PanelLabel,
  type PanelPart,
  PanelRows,
  settledRows,
  type TrainingSet,
} from './training-set.ts';
export { writeDay, writeMoney, writeMoneyShort, writeNumber, writePercent } from './words.ts';
