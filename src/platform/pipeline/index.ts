/** The door of the pipeline: what modules, the edge and the composition root may use of it (README.md beside it). */
export {
  reactor,
  type Answer,
  type Claim,
  type Command,
  type CommandHandler,
  type NewAccount,
  type Outcome,
  type Reactor,
  type Target,
} from './contract/command.js';
export type { Emission } from './contract/emission.js';
export type { EngineDefinition } from './contract/engine-definition.js';
export { databaseProblem, pipelineProblems } from './contract/problems.js';
export {
  registered,
  type AccountSlice,
  type AnySlice,
  type MemberSlice,
  type SharedSlice,
} from './contract/slice.js';
export { ACCOUNT_VERSIONS, SEAL, type RowSink, type Table } from './contract/table.js';
export type { TargetResolver } from './contract/target-resolver.js';
export type { Counted, Setting, Work } from './contract/work.js';
export { DueTargets, type DueTarget } from './load/due-targets.query.js';
export { OddClaimsQuery, type OddClaim } from './load/odd-claims.query.js';
export type { Shard } from './shards/shard.js';
export { ShardHost } from './shards/shard-host.js';
export { Replay, type ReplayedMember } from './replay/replay.js';
export { ReplayedMembers, type MemberAtStart, type ReadRows } from './replay/replayed-members.query.js';
export { makeShardWorker } from './shards/make-shard-worker.js';
export type { PipelineObserver } from './shards/observer.js';
export { Pipeline } from './shards/pipeline.js';
export { ThreadedShard } from './shards/threaded-shard.js';
