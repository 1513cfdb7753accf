/** The words of the API, in one place: the rest of the application imports them from here, never from the generated file. */
import type { components } from "./schema";

/**
 * A body as the server sends it: complete. The schema calls a field optional where a *request* may leave it out, also in
 * the answers, so what comes back is made whole here.
 */
export type Sent<T> = T extends readonly (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Sent<T[Key]> }
    : T;

type Schemas = components["schemas"];
type Answer<Name extends keyof Schemas> = Sent<Schemas[Name]>;

export type User = Answer<"User">;
export type Session = Answer<"Session">;
export type Vocabulary = Answer<"Vocabulary">;
export type Project = Answer<"Project">;
export type AssignmentDetail = Answer<"AssignmentDetail">;
export type AssignmentKind = Schemas["TaskKindEnum"];
export type Person = Answer<"Person">;
export type Clip = Answer<"Clip">;
export type EpisodeMedia = Answer<"EpisodeMedia">;
export type Segment = Answer<"Segment">;
export type Moment = Answer<"Moment">;
export type Watched = Answer<"Watched">;
export type Calibration = Answer<"Calibration">;
export type MyCalibration = Answer<"MyCalibration">;
export type MomentsReport = Answer<"MomentsReport">;
export type MomentCounts = Answer<"MomentCounts">;
export type MomentAgreement = Answer<"MomentAgreement">;
export type Evidence = Answer<"Evidence">;
export type Exemplar = Answer<"Exemplar">;
export type AnswerRow = Answer<"Answer">;
export type OwnTurn = Answer<"OwnTurn">;
export type Look = Answer<"Look">;
export type State = Answer<"State">;
export type StateRequest = Required<Schemas["NewStateRequest"]>;
export type Suggestion = Answer<"Suggestion">;
export type AnnotatorTraining = Answer<"AnnotatorTraining">;
export type TrainingSettings = Answer<"AnnotatorTrainingSettings">;
export type TrainingClip = Answer<"TrainingClip">;
export type TrainingClipKind = Schemas["TrainingClipKindEnum"];
export type TrainingCandidate = Answer<"Candidate">;
export type TrainingScore = Answer<"TrainingScore">;
export type Trainee = Answer<"Trainee">;
export type MyTraining = Answer<"MyTrainingPage">;
export type MyTrainingClip = Answer<"MyTrainingClip">;
export type Discussion = Answer<"Discussion">;
export type DiscussionComment = Answer<"Comment">;
export type ConsensusRequest = Required<Schemas["NewConsensusRequest"]>;
export type CrossCheck = Answer<"CrossCheck">;
export type CrossCheckSettings = Answer<"CrossCheckSettings">;
export type WeekAgreement = Answer<"WeekAgreement">;
export type AgreementPercent = Answer<"Percent">;
export type ProjectSettings = Answer<"ProjectSettings">;
export type StateStatus = Schemas["StateStatusEnum"];
export type Primary = Schemas["PrimaryEnum"];
export type Reason = Schemas["ReasonsEnum"];
export type Episode = Answer<"Episode">;
export type EpisodeDetail = Answer<"EpisodeDetail">;
export type Identity = Answer<"Identity">;
export type Casting = Answer<"Casting">;
export type CastFace = Answer<"CastFace">;
export type CastCharacter = Answer<"CastCharacter">;
export type Series = Answer<"Series">;
export type SeriesCharacter = Answer<"SeriesCharacter">;
export type Dialogue = Answer<"Dialogue">;
export type DialogueLine = Answer<"DialogueLine">;
export type DialogueCharacter = Answer<"DialogueCharacter">;
export type Relating = Answer<"Relating">;
export type ClipLine = Answer<"ClipLine">;
export type ClipPerson = Answer<"ClipPerson">;
export type Related = Answer<"Related">;
/** Which answers about pairs are listed. */
export interface RelatedFilter {
  said?: Schemas["RelationshipEnum"] | "discarded" | undefined;
  unsure?: boolean | undefined;
  commented?: boolean | undefined;
}
export type Standing = Answer<"Standing">;
export type LineRequest = Required<Schemas["NewLineRequest"]>;
export type StepRequest = Partial<Omit<Schemas["NewStepRequest"], "client_id">> & { kind: Schemas["RelateStepEnum"] };
export type RemarkRequest = Omit<Required<Schemas["NewRemarkRequest"]>, "client_id">;
export type Relationship = Schemas["RelationshipEnum"];
export type DiscardReason = Schemas["DiscardEnum"];
export type CorrectionRequest = Required<Schemas["NewCorrectionRequest"]>;
export type Job = Answer<"Job">;
export type AnalysisProgress = Answer<"AnalysisProgress">;
export type Agreement = Answer<"Agreement">;
export type AgreementLevel = Answer<"Level">;
export type Instrument = Answer<"Instrument">;
export type InstrumentItem = Answer<"Item">;
export type InstrumentKey = Schemas["KeyEnum"];
export type ProfiledCharacter = Answer<"ProfiledCharacter">;
export type Personality = Answer<"Personality">;
export type WordCategories = Answer<"WordCategories">;
export type EmotionSet = Answer<"EmotionSet">;
export type PairSamples = Answer<"PairSamples">;
export type Outcome = Schemas["OutcomeEnum"];
export type Overview = Answer<"Overview">;
export type Release = Answer<"Release">;
export type ReleaseOptions = Required<Schemas["NewReleaseRequest"]>;
export type ListedModel = Answer<"ListedModel">;
export type TrainingRun = Answer<"TrainingRun">;
export type TrainingRunDetail = Answer<"TrainingRunDetail">;
export type TrainingCurve = Answer<"Curve">;
export type SeedResult = Answer<"SeedResult">;
export type Scores = Answer<"Scores">;
export type TrainingRequest = Required<Schemas["NewTrainingRequest"]>;
export type WorkStatus = Schemas["JobStatusEnum"];
export type Locating = Answer<"Locating">;
export type Storyboard = Answer<"Storyboard">;
export type ListedStoryboard = Answer<"ListedStoryboard">;
export type StorySettings = Answer<"StorySettings">;
export type ListedClip = Answer<"ListedClip">;
export type ClipLimits = Answer<"ClipLimits">;
export type Interaction = Answer<"Interaction">;
export type InteractionRequest = Required<Schemas["NewInteractionRequest"]>;
export type Language = Schemas["LanguageEnum"];

/** A spoken line as annotators see it. */
export interface Line {
  start_ms: number;
  end_ms: number;
  speaker?: string;
  text: string;
}
export type ReleaseStatistics = Schemas["ReleaseStatistics"];
