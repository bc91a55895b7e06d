import type { Language } from '#errors';
import type { Cause, Refusal, Stage, StageResult } from '../model.ts';

/** A stage as the API answers it. */
export interface SaidStage {
  stage: Stage;
  state: StageResult['is'];
  code: string | null;
  message: string | null;
  remedy: string | null;
  answer: Refusal | null;
}

type SayCause = (cause: Cause, language: Language) => { message: string; remedy: string };

/** At the edge, where the reader's language is known. */
export const sayStages = (
  stages: readonly StageResult[],
  language: Language,
  sayCause: SayCause,
): SaidStage[] =>
  stages.map(({ stage, is, cause, answer }) => ({
    stage,
    state: is,
    code: cause?.code ?? null,
    ...(cause === null ? { message: null, remedy: null } : sayCause(cause, language)),
    answer,
  }));
