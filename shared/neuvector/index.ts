export type { NvAnswer, NvRequest, NvStream, Pass, Refusal, SignedIn, Trust, Way } from './access.ts';
